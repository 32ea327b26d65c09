package io.handfast.bench.race;

import java.net.InetSocketAddress;

/**
 * A server under one strategy.
 *
 * @param address where it listens
 */
public record Arena(InetSocketAddress address) implements Entry {}
