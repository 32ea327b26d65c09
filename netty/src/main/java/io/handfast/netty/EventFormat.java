package io.handfast.netty;

import io.handfast.log.Entry;
import io.handfast.log.Resumption;

/** How the events of one thread become a stream of server-sent events. Lives on the loop of its stream; one for each stream. */
public interface EventFormat {
    /** What stands at the beginning of the stream; may be empty. */
    byte[] opening();

    /** What tells of events that are gone; may be empty. */
    byte[] gap(Resumption.Gap gap);

    /** What tells that the thread was deleted, last of all; may be empty. */
    byte[] deleted();

    /**
     * An event as it travels, server-sent events with the blank line behind each; may be empty.
     *
     * @param epoch of the thread
     */
    byte[] event(String epoch, Entry entry);

    /** Whether the stream is complete, and ends behind what was told. */
    boolean complete();
}
