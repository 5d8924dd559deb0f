/* The ini bridge: inih reads through our line reader, which refuses what inih would misread in silence. */
#include "geo/base/mem.h"
#include "job/config_key.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>

enum { LINE_MAX_BYTES = 199, KEYS_MAX = 4096 };

struct reading {
    struct zm_config *config;
    FILE *file;
    const char *path;
    int line;
    char section[64];
    bool section_known;
    struct zm_str keys[KEYS_MAX]; /* of the current section, for doubles */
    unsigned n_keys;
    struct zm_str sections[512];
    unsigned n_sections;
    struct zm_err err; /* the first error; err.code = ZM_OK as long as there is none */
};

/* Keeps the first error, with file and line in front. Returns 0, which tells inih that the line is bad. */
static int stop(struct reading *r, const struct zm_err *why)
{
    if (r->err.code == ZM_OK)
        zm_fail(&r->err, why->code, "%s:%d: %.900s", r->path, r->line, why->text);
    return 0;
}

static int stop_text(struct reading *r, const char *why)
{
    struct zm_err err;
    zm_fail(&err, ZM_E_USAGE, "%s", why);
    return stop(r, &err);
}

static int remember(struct reading *r, struct zm_str *list, unsigned *n, unsigned max, struct zm_str text,
                    const char *twice)
{
    for (unsigned i = 0; i < *n; i++) {
        if (zm_str_eq(list[i], text)) {
            struct zm_err err;
            zm_fail(&err, ZM_E_USAGE, "%.*s %s", ZM_FMT(text), twice);
            return stop(r, &err);
        }
    }
    struct zm_str kept = *n < max ? zm_arena_copy(&r->config->job->arena, text) : (struct zm_str){NULL, 0};
    if (!kept.ptr)
        return stop_text(r, "the file has too many sections or keys");
    list[(*n)++] = kept;
    return 1;
}

/* Like fgets, without the mark that Notepad puts before the first line. A read that fails must not look like
 * the end of the file: what was read until then would be taken for the whole job. */
static bool read_line(struct reading *r, char *line, int size)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (!fgets(line, size, r->file)) {
        if (ferror(r->file))
            zm_fail_errno(&r->err, ZM_E_USAGE, errno, "cannot read the job file %s", r->path);
        return false;
    }
    if (r->line++ == 0 && strncmp(line, mark, sizeof mark - 1) == 0)
        memmove(line, line + sizeof mark - 1, strlen(line) - (sizeof mark - 1) + 1);
    return true;
}

/* inih asks for lines like fgets. */
static char *next_line(char *out, int size, void *user)
{
    struct reading *r = user;
    char line[LINE_MAX_BYTES + 3];
    if (r->err.code != ZM_OK || !read_line(r, line, sizeof line))
        return NULL;
    size_t len = strcspn(line, "\r\n");
    if (len > LINE_MAX_BYTES || (int)len + 2 > size) {
        stop_text(r, "the line is longer than 199 bytes");
        return NULL;
    }
    line[len] = '\0';
    size_t blank = strspn(line, " \t");
    if (blank > 0 && line[blank] != '\0' && line[blank] != ';' && line[blank] != '#') {
        stop_text(r, "the line is indented; start keys and sections at the margin");
        return NULL;
    }
    if (line[0] == '[') {
        char *close = strchr(line, ']');
        if (!close || (size_t)(close - line) > sizeof r->section) {
            stop_text(r, "a section is written [name], with at most 63 bytes");
            return NULL;
        }
        struct zm_str name = {line + 1, (size_t)(close - line - 1)};
        struct zm_err err = {ZM_OK, ""};
        if (!remember(r, r->sections, &r->n_sections, 512, name, "is a section that stands here twice"))
            return NULL;
        memcpy(r->section, name.ptr, name.len);
        r->section[name.len] = '\0';
        r->n_keys = 0;
        r->section_known = true;
        if (zm_config_section(r->config, zm_str(r->section), &err) != 0) {
            stop(r, &err);
            return NULL;
        }
    }
    memcpy(out, line, len);
    out[len] = '\n';
    out[len + 1] = '\0';
    return out;
}

static int on_key(void *user, const char *section, const char *key, const char *value)
{
    struct reading *r = user;
    struct zm_err err = {ZM_OK, ""};
    (void)section; /* inih keeps only 49 bytes of it */
    if (!r->section_known)
        return stop_text(r, "a key stands before the first section");
    if (!remember(r, r->keys, &r->n_keys, KEYS_MAX, zm_str(key), "stands twice in this section"))
        return 0;
    if (zm_config_key(r->config, zm_str(r->section), zm_str(key), zm_str(value), &err) != 0)
        return stop(r, &err);
    return 1;
}

int zm_job_load(struct zm_job *job, const char *path, struct zm_err *err)
{
    struct reading *r = zm_calloc(1, sizeof *r);
    struct zm_config *config = zm_calloc(1, sizeof *config);
    int rc = 0;
    if (!r || !config) {
        rc = zm_fail_memory(err, sizeof *r);
        goto out;
    }
    config->job = job;
    r->config = config;
    r->path = path;
    r->file = fopen(path, "re");
    if (!r->file) {
        rc = zm_fail_errno(err, ZM_E_USAGE, errno,
                           "cannot open the job file %s (`zhengming init DIR` makes one)", path);
        goto out;
    }
    int bad_line = ini_parse_stream(next_line, r, on_key, r);
    if (r->err.code == ZM_OK && bad_line != 0)
        zm_fail(&r->err, ZM_E_USAGE, "%s:%d: neither a section, nor key = value, nor a comment", path,
                bad_line);
    struct zm_err end_err = {ZM_OK, ""};
    if (r->err.code == ZM_OK && zm_config_end(config, &end_err) != 0)
        stop(r, &end_err);
    if (r->err.code != ZM_OK) {
        if (err)
            *err = r->err;
        rc = (int)r->err.code;
    }
out:
    if (r && r->file)
        fclose(r->file);
    zm_free(r);
    zm_free(config);
    return rc;
}
