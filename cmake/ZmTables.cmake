# The data tables (geo/tables/*.tsv) and layer styles (export/styles/*.qml), embedded with the assembler's
# .incbin, and rule_id.h, the enum of rule ids, made from rules.tsv.
function(zm_embed target folder pattern)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
    set(body ".section .rodata\n")
    foreach(file ${files})
        get_filename_component(symbol ${file} NAME)
        string(MAKE_C_IDENTIFIER ${symbol} symbol)
        string(APPEND body "\n.global zm_embedded_${symbol}\n.global zm_embedded_${symbol}_end\n"
            ".balign 16\nzm_embedded_${symbol}:\n.incbin \"${file}\"\nzm_embedded_${symbol}_end:\n.byte 0\n")
    endforeach()
    string(APPEND body "\n.section .note.GNU-stack,\"\",%progbits\n")
    set(asm ${CMAKE_BINARY_DIR}/generated/${target}.S)
    file(CONFIGURE OUTPUT ${asm} CONTENT "${body}" @ONLY)
    add_library(${target} STATIC ${asm})
    set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS "${files}")
endfunction()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/geo/tables)
zm_embed(zm_embedded geo/tables *.tsv)
zm_embed(zm_embedded_styles export/styles *.qml)
zm_embed(zm_embedded_pages export/styles *.css)

set(rule_id_h ${CMAKE_BINARY_DIR}/generated/geo/tables/rule_id.h)
add_custom_command(OUTPUT ${rule_id_h}
    COMMAND awk -f ${CMAKE_SOURCE_DIR}/cmake/rule_id.awk ${CMAKE_SOURCE_DIR}/geo/tables/rules.tsv > ${rule_id_h}
    DEPENDS ${CMAKE_SOURCE_DIR}/geo/tables/rules.tsv ${CMAKE_SOURCE_DIR}/cmake/rule_id.awk VERBATIM)
add_custom_target(zm_rule_id DEPENDS ${rule_id_h})
add_dependencies(zm_flags zm_rule_id)
