package io.handfast.sim.edge.link;

/** Bytes that came in from each side and went out to each. */
public record Totals(long fromClient, long toServer, long fromServer, long toClient) {}
