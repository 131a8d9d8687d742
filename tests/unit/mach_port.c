/* SPDX-License-Identifier: MIT */
/* Ports, rights, messages, sets, memory, texts, clocks. */
#include "frameworkHooks.h"

#include <pthread.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mach/mach.h>
#include <mach/mach_time.h>
#include <servers/bootstrap.h>

#include <IOKit/IOReturn.h>

#include "machPort.h"
#include "protocol/descriptors.h"

typedef struct Message {
    mach_msg_header_t header;
    char text[16];
    mach_msg_trailer_t trailer;
} Message;

static mach_port_t makePort(void)
{
    mach_port_t port = MACH_PORT_NULL;
    assert_int_equal(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port), KERN_SUCCESS);
    assert_true(port >= 0x40000000);
    return port;
}

static mach_msg_return_t sendText(mach_port_t port, mach_msg_type_name_t how, const char *text)
{
    Message message = {.header = {.msgh_bits = MACH_MSGH_BITS(how, 0), .msgh_remote_port = port, .msgh_id = 7}};
    strcpy(message.text, text);
    return mach_msg(&message.header, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof message - sizeof message.trailer, 0,
                    MACH_PORT_NULL, 0, MACH_PORT_NULL);
}

static mach_msg_return_t receiveText(mach_port_t port, Message *message, mach_msg_size_t room)
{
    return mach_msg(&message->header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, room, port, 0, MACH_PORT_NULL);
}

TEST(rights_are_counted)
{
    mach_port_t port = makePort();
    mach_port_urefs_t refs = 9;
    mach_port_type_t type = 0;
    assert_int_equal(mach_port_get_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, &refs), KERN_SUCCESS);
    assert_int_equal(refs, 1);
    assert_int_equal(mach_port_deallocate(mach_task_self(), port), KERN_INVALID_RIGHT);
    assert_int_equal(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
    assert_int_equal(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 2), KERN_SUCCESS);
    assert_int_equal(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, -4), KERN_INVALID_VALUE);
    mach_port_get_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, &refs);
    assert_int_equal(refs, 3);
    assert_int_equal(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1), KERN_SUCCESS);
    mach_port_type(mach_task_self(), port, &type);
    assert_int_equal(type, MACH_PORT_TYPE_DEAD_NAME);
    assert_int_equal(sendText(port, MACH_MSG_TYPE_COPY_SEND, "x"), MACH_SEND_INVALID_DEST);
    for (int i = 0; i < 3; i++)
        assert_int_equal(mach_port_deallocate(mach_task_self(), port), KERN_SUCCESS);
    assert_int_equal(mach_port_deallocate(mach_task_self(), port), KERN_INVALID_NAME);
    assert_int_equal(mach_port_allocate(0x1234, MACH_PORT_RIGHT_RECEIVE, &port), KERN_INVALID_TASK);
    assert_int_equal(mach_port_deallocate(mach_task_self(), mach_task_self()), KERN_SUCCESS);
}

TEST(messages_arrive_in_order_with_a_trailer)
{
    mach_port_t port = makePort();
    Message message;
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_RCV_TIMED_OUT);
    assert_int_equal(sendText(port, MACH_MSG_TYPE_MAKE_SEND, "first"), MACH_MSG_SUCCESS);
    assert_int_equal(sendText(port, MACH_MSG_TYPE_MAKE_SEND, "second"), MACH_MSG_SUCCESS);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_MSG_SUCCESS);
    assert_string_equal(message.text, "first");
    assert_int_equal(message.header.msgh_size, sizeof message - sizeof message.trailer);
    assert_int_equal(message.header.msgh_local_port, port);
    assert_int_equal(message.trailer.msgh_trailer_size, 8);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_MSG_SUCCESS);
    assert_string_equal(message.text, "second");
    assert_int_equal(mach_port_destroy(mach_task_self(), port), KERN_SUCCESS);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_RCV_INVALID_NAME);
}

TEST(a_message_that_does_not_fit)
{
    mach_port_t port = makePort();
    Message message;
    sendText(port, MACH_MSG_TYPE_MAKE_SEND, "kept");
    assert_int_equal(mach_msg(&message.header, MACH_RCV_MSG | MACH_RCV_LARGE, 0, sizeof message - 1, port, 0, 0),
                     MACH_RCV_TOO_LARGE);
    assert_int_equal(message.header.msgh_size, sizeof message - sizeof message.trailer);
    assert_int_equal(receiveText(port, &message, sizeof message - 1), MACH_RCV_TOO_LARGE); /* and now it is gone */
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_RCV_TIMED_OUT);
    assert_int_equal(sendText(MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND, ""), MACH_SEND_INVALID_DEST);
    assert_int_equal(sendText(port, MACH_MSG_TYPE_COPY_SEND, ""), MACH_SEND_INVALID_DEST); /* there is no send right */
    mach_port_destroy(mach_task_self(), port);
}

TEST(a_reply_port_travels_and_is_counted)
{
    mach_port_t port = makePort(), reply = mach_reply_port();
    mach_port_urefs_t refs = 0;
    Message message = {.header = {.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND),
                                  .msgh_remote_port = port,
                                  .msgh_local_port = reply,
                                  .msgh_size = 24}};
    assert_int_equal(mach_msg_send(&message.header), MACH_MSG_SUCCESS);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_MSG_SUCCESS);
    assert_int_equal(message.header.msgh_remote_port, reply);
    assert_int_equal(MACH_MSGH_BITS_REMOTE(message.header.msgh_bits), MACH_MSG_TYPE_PORT_SEND);
    mach_port_get_refs(mach_task_self(), reply, MACH_PORT_RIGHT_SEND, &refs);
    assert_int_equal(refs, 1);
    mach_msg_destroy(&message.header);
    mach_port_get_refs(mach_task_self(), reply, MACH_PORT_RIGHT_SEND, &refs);
    assert_int_equal(refs, 0);
    mach_port_destroy(mach_task_self(), reply);
    mach_port_destroy(mach_task_self(), port);
}

TEST(a_port_set_receives_for_its_members)
{
    mach_port_t set = MACH_PORT_NULL, a = makePort(), b = makePort();
    Message message;
    assert_int_equal(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set), KERN_SUCCESS);
    assert_int_equal(mach_port_insert_member(mach_task_self(), a, set), KERN_SUCCESS);
    assert_int_equal(mach_port_insert_member(mach_task_self(), b, set), KERN_SUCCESS);
    assert_int_equal(mach_port_insert_member(mach_task_self(), b, set), KERN_ALREADY_IN_SET);
    sendText(b, MACH_MSG_TYPE_MAKE_SEND, "to b");
    assert_int_equal(receiveText(set, &message, sizeof message), MACH_MSG_SUCCESS);
    assert_int_equal(message.header.msgh_local_port, b);
    assert_int_equal(mach_port_move_member(mach_task_self(), b, MACH_PORT_NULL), KERN_SUCCESS);
    sendText(b, MACH_MSG_TYPE_MAKE_SEND, "again");
    assert_int_equal(receiveText(set, &message, sizeof message), MACH_RCV_TIMED_OUT);
    mach_port_destroy(mach_task_self(), a);
    mach_port_destroy(mach_task_self(), b);
    mach_port_destroy(mach_task_self(), set);
}

static void *waitForMessage(void *info)
{
    Message message;
    return (void *)(intptr_t)mach_msg(&message.header, MACH_RCV_MSG, 0, sizeof message, *(mach_port_t *)info, 0, 0);
}

TEST(the_death_of_a_port_wakes_its_receiver)
{
    mach_port_t port = makePort();
    pthread_t thread;
    void *result;
    pthread_create(&thread, NULL, waitForMessage, &port);
    mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
    pthread_join(thread, &result);
    mach_msg_return_t code = (mach_msg_return_t)(intptr_t)result;
    assert_true(code == MACH_RCV_PORT_DIED || code == MACH_RCV_INVALID_NAME);
}

TEST(the_send_end_takes_raw_messages)
{
    mach_port_t port = makePort();
    int end = mach_port_copy_send_end(port);
    Message message = {.header = {.msgh_size = 28, .msgh_id = 53}};
    strcpy(message.text, "raw");
    assert_true(end >= 0);
    assert_int_equal(send(end, &message, 28, MSG_NOSIGNAL), 28);
    assert_int_equal(send(end, "short", 5, MSG_NOSIGNAL), 5); /* no message: it is passed over */
    memset(&message, 0, sizeof message);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_MSG_SUCCESS);
    assert_int_equal(message.header.msgh_id, 53);
    assert_int_equal(message.header.msgh_local_port, port);
    assert_int_equal(receiveText(port, &message, sizeof message), MACH_RCV_TIMED_OUT);
    mach_port_destroy(mach_task_self(), port);
    assert_int_equal(send(end, &message, 28, MSG_NOSIGNAL), -1);
    close(end);
    assert_int_equal(mach_port_copy_send_end(port), -1);
    assert_int_equal(mach_port_copy_send_end(5), -1);
}

TEST(names_in_the_bootstrap)
{
    mach_port_t port = makePort(), found = MACH_PORT_NULL;
    assert_int_equal(bootstrap_look_up(bootstrap_port, "test", &found), BOOTSTRAP_UNKNOWN_SERVICE);
    assert_int_equal(bootstrap_register(bootstrap_port, (char[128]){"test"}, port), BOOTSTRAP_SUCCESS);
    assert_int_equal(bootstrap_register(bootstrap_port, (char[128]){"test"}, port), BOOTSTRAP_NAME_IN_USE);
    assert_int_equal(bootstrap_look_up(bootstrap_port, "test", &found), BOOTSTRAP_SUCCESS);
    assert_int_equal(found, port);
    assert_int_equal(bootstrap_register(bootstrap_port, (char[128]){"test"}, MACH_PORT_NULL), BOOTSTRAP_SUCCESS);
    mach_port_destroy(mach_task_self(), port);
}

TEST(memory_clocks_and_figures)
{
    vm_address_t memory = 0;
    mach_timebase_info_data_t base;
    clock_serv_t clock;
    mach_timespec_t now;
    natural_t cpus = 0;
    processor_info_array_t info;
    mach_msg_type_number_t count = HOST_VM_INFO64_COUNT, words = 0;
    vm_statistics64_data_t memoryInfo;
    assert_int_equal(vm_allocate(mach_task_self(), &memory, 100, VM_FLAGS_ANYWHERE), KERN_SUCCESS);
    assert_int_equal(*(char *)memory, 0);
    assert_int_equal(vm_deallocate(mach_task_self(), memory, 100), KERN_SUCCESS);
    assert_int_equal(mach_timebase_info(&base), KERN_SUCCESS);
    uint64_t before = mach_absolute_time();
    assert_int_equal(mach_wait_until(before + 1000), KERN_SUCCESS);
    assert_true(mach_absolute_time() * base.numer / base.denom >= before + 1000);
    assert_int_equal(host_get_clock_service(mach_host_self(), CALENDAR_CLOCK, &clock), KERN_SUCCESS);
    assert_int_equal(clock_get_time(clock, &now), KERN_SUCCESS);
    assert_true(now.tv_sec > 1600000000);
    assert_int_equal(host_processor_info(mach_host_self(), PROCESSOR_CPU_LOAD_INFO, &cpus, &info, &words),
                     KERN_SUCCESS);
    assert_int_equal(words, cpus * 4);
    assert_int_equal(vm_deallocate(mach_task_self(), (vm_address_t)info, words * sizeof *info), KERN_SUCCESS);
    assert_int_equal(host_statistics64(mach_host_self(), HOST_VM_INFO64, (host_info64_t)&memoryInfo, &count),
                     KERN_SUCCESS);
    assert_true(memoryInfo.free_count + memoryInfo.active_count + memoryInfo.inactive_count > 0);
}

TEST(texts_of_results)
{
    assert_string_equal(mach_error_string(KERN_INVALID_ARGUMENT), "(os/kern) invalid argument");
    assert_string_equal(mach_error_string(kIOReturnNoDevice), "(iokit/common) no such device");
    assert_string_equal(mach_error_string(MACH_RCV_TIMED_OUT), "(ipc/rcv) timed out");
    assert_string_equal(mach_error_string(MIG_SERVER_DIED), "(ipc/mig) server died");
    assert_string_equal(mach_error_string(MIG_ARRAY_TOO_LARGE), "(ipc/mig) array too large");
    for (mach_error_t code = -309; code <= -300; code++)
        assert_memory_equal(mach_error_string(code), "(ipc/mig) ", strlen("(ipc/mig) "));
    assert_string_equal(mach_error_string(-310), "unknown error code");
    assert_string_equal(mach_error_string(0x7fffffff), "unknown error code");
    assert_int_equal(err_get_system(kIOReturnBusy), 0x38);
    assert_int_equal(err_get_code(kIOReturnBusy), 0x2d5);
}

TEST(sysctl_by_name_and_by_number)
{
    int cpus = 0, byNumber = 0, mib[] = {CTL_HW, HW_NCPU};
    int64_t memory = 0;
    char text[4];
    size_t size = sizeof cpus;
    assert_int_equal(sysctlbyname("hw.ncpu", &cpus, &size, NULL, 0), 0);
    assert_int_equal(sysctl(mib, 2, &byNumber, &size, NULL, 0), 0);
    assert_int_equal(cpus, byNumber);
    assert_int_equal(cpus, sysconf(_SC_NPROCESSORS_CONF));
    size = sizeof memory;
    assert_int_equal(sysctlbyname("hw.memsize", &memory, &size, NULL, 0), 0);
    assert_true(memory > 0);
    size = sizeof text;
    assert_int_equal(sysctlbyname("kern.version", text, &size, NULL, 0), -1);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(sysctlbyname("no.such", text, &size, NULL, 0), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(sysctlbyname("hw.ncpu", NULL, NULL, &cpus, sizeof cpus), -1);
    assert_int_equal(errno, EPERM);
}

static bool isOpen(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

/* In a process without standard input, output and errors: 0, or the number of the step that took one of them. */
static int takeStandardDescriptors(void)
{
    mach_port_t port = MACH_PORT_NULL, set = MACH_PORT_NULL;
    for (int i = 0; i <= STDERR_FILENO; i++)
        close(i);
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port) != KERN_SUCCESS || isOpen(0))
        return 1;
    if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set) != KERN_SUCCESS || isOpen(0))
        return 2;
    if (mach_port_copy_send_end(port) <= STDERR_FILENO)
        return 3;
    if (makeSharedMemory("test", 4096) <= STDERR_FILENO || isOpen(0))
        return 4;
    int pair[2];
    ControlMessage message = {0};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 || pair[0] != 0 || pair[1] != 1)
        return 5;
    int received[kWireDescriptorsMax];
    unsigned count = 0;
    if (!sendControl(pair[0], &message, pair, 1) || receiveControl(pair[1], 0, &message, received, &count) != 1)
        return 6;
    return count == 1 && received[0] > STDERR_FILENO && !isOpen(STDERR_FILENO) ? 0 : 7;
}

/* What a program prints on a closed output must not reach a port or the host. */
TEST(standard_descriptors_are_never_taken)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(takeStandardDescriptors());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(rights_are_counted), RUN(messages_arrive_in_order_with_a_trailer),
               RUN(a_message_that_does_not_fit), RUN(a_reply_port_travels_and_is_counted),
               RUN(a_port_set_receives_for_its_members), RUN(the_death_of_a_port_wakes_its_receiver),
               RUN(the_send_end_takes_raw_messages), RUN(names_in_the_bootstrap), RUN(memory_clocks_and_figures),
               RUN(texts_of_results), RUN(sysctl_by_name_and_by_number), RUN(standard_descriptors_are_never_taken))
