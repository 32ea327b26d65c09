package io.handfast.protocol;

/** What a text frame of a client turned out to be: a frame of the protocol, or the refusal that answers it. */
public sealed interface Incoming permits ClientFrame, Refusal {}
