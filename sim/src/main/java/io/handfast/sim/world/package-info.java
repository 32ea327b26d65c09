/**
 * The seeded world: a server's core, its disk, agents, clients and edges in one thread and virtual time, decided by one seed
 * (docs/simulation.md).
 *
 * <p>The machine, the log, runs and the codec are the very classes of the server. A connection consists of bytes: heads of HTTP and
 * masked frames travel through the {@code Link} of {@code handfast edge}, whose scripts are made up by the seed. What stands between
 * these parts is modelled: time ({@code Agenda}), threads ({@code Worker}), sockets ({@code Cable}), the disk and its crashes
 * ({@code Disk}), the adapter ({@code ServerEnd}), processes and their drain ({@code ServerProcess}, {@code Node}), agents and
 * clients. Fragments, TLS, tokens, HTTP requests and SSE are not.
 *
 * <p>What has to hold is kept apart from what happens: {@code Truth} with {@code RunRules} judges what is written, {@code WireLaw} what
 * leaves a server, {@code View} what a client makes of it. They share no rule with the code that they judge. A breach is kept by
 * {@code Laws}, not thrown, because much of what runs here catches what is thrown.
 */
@NullMarked
package io.handfast.sim.world;

import org.jspecify.annotations.NullMarked;
