#include "import/child_channel.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

struct frame {
    uint32_t type, size;
};

static int send_all(int fd, const char *ptr, size_t len, struct zm_err *err)
{
    while (len) {
        ssize_t n = send(fd, ptr, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zm_fail_errno(err, ZM_E_INPUT, errno, "the reader's channel is broken");
        ptr += n;
        len -= (size_t)n;
    }
    return 0;
}

int zm_channel_send(int fd, enum zm_message type, struct zm_str payload, struct zm_err *err)
{
    if (payload.len > ZM_MESSAGE_MAX)
        return zm_fail(err, ZM_E_MEMORY, "a message of %zu bytes is over the limit of %d", payload.len,
                       ZM_MESSAGE_MAX);
    struct frame frame = {(uint32_t)type, (uint32_t)payload.len};
    ZM_TRY(send_all(fd, (const char *)&frame, sizeof frame, err));
    return send_all(fd, payload.ptr, payload.len, err);
}

static int receive_all(int fd, int timeout_ms, char *ptr, size_t len, enum zm_channel_state *state,
                       struct zm_err *err)
{
    while (len) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, timeout_ms);
        if (ready == 0) {
            *state = ZM_CHANNEL_SILENT;
            return 0;
        }
        ssize_t n = ready < 0 ? -1 : recv(fd, ptr, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0 || (n < 0 && errno == ECONNRESET)) {
            *state = ZM_CHANNEL_CLOSED;
            return 0;
        }
        if (n < 0)
            return zm_fail_errno(err, ZM_E_INTERNAL, errno, "cannot listen to the reader");
        ptr += n;
        len -= (size_t)n;
    }
    *state = ZM_CHANNEL_MESSAGE;
    return 0;
}

int zm_channel_receive(int fd, int timeout_ms, enum zm_channel_state *state, enum zm_message *type,
                       struct zm_buf *payload, struct zm_err *err)
{
    struct frame frame;
    ZM_TRY(receive_all(fd, timeout_ms, (char *)&frame, sizeof frame, state, err));
    if (*state != ZM_CHANNEL_MESSAGE)
        return 0;
    if (frame.type < ZM_MESSAGE_ORDERS || frame.type > ZM_MESSAGE_ERROR || frame.size > ZM_MESSAGE_MAX)
        return zm_fail(err, ZM_E_INTERNAL, "the reader's channel carries what is no message");
    char *at;
    zm_buf_reset(payload);
    ZM_TRY(zm_buf_reserve(payload, frame.size, &at, err));
    ZM_TRY(receive_all(fd, timeout_ms, at, frame.size, state, err));
    payload->len = frame.size;
    *type = (enum zm_message)frame.type;
    return 0;
}
