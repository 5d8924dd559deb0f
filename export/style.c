#include "export/style.h"

extern const char zm_embedded_address_qml[], zm_embedded_address_qml_end[];
extern const char zm_embedded_finding_qml[], zm_embedded_finding_qml_end[];
extern const char zm_embedded_finding_row_qml[], zm_embedded_finding_row_qml_end[];
extern const char zm_embedded_fixed_qml[], zm_embedded_fixed_qml_end[];
extern const char zm_embedded_rejected_qml[], zm_embedded_rejected_qml_end[];

struct zm_str zm_style(const char *layer)
{
    const struct {
        const char *layer, *begin, *end;
    } styles[] = {
        {"address", zm_embedded_address_qml, zm_embedded_address_qml_end},
        {"finding", zm_embedded_finding_qml, zm_embedded_finding_qml_end},
        {"finding_row", zm_embedded_finding_row_qml, zm_embedded_finding_row_qml_end},
        {"fixed", zm_embedded_fixed_qml, zm_embedded_fixed_qml_end},
        {"rejected", zm_embedded_rejected_qml, zm_embedded_rejected_qml_end},
    };
    for (unsigned i = 0; i < sizeof styles / sizeof *styles; i++)
        if (strcmp(styles[i].layer, layer) == 0)
            return zm_str_n(styles[i].begin, (size_t)(styles[i].end - styles[i].begin));
    return (struct zm_str){"", 0};
}
