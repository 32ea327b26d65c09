package io.handfast.netty.loop;

/** Something that lives on a loop and can be told to come to an end. */
public interface Drainable {
    /**
     * The server is about to go down.
     *
     * @param deadlineNanos when the transport will be closed in any case
     */
    void drain(long deadlineNanos);

    /** The deadline has passed: close the transport now. */
    void abort();
}
