package io.handfast.sim.edge.script;

import java.util.SplittableRandom;

/** On which connections a rule acts. Connections are numbered from 1 in the order in which clients connect. */
public sealed interface Selector {
    /** Those with these numbers. */
    record Numbered(Numbers numbers) implements Selector {}

    /** Each n-th. */
    record Each(long n) implements Selector {}

    /** A share, drawn for each connection. */
    record Share(double percent) implements Selector {}

    /** Whether the rule acts on this connection; draws at most once. */
    default boolean selects(long connection, SplittableRandom random) {
        if (this instanceof Numbered numbered) {
            return numbered.numbers().contains(connection);
        }
        if (this instanceof Each each) {
            return connection % each.n() == 0;
        }
        return random.nextDouble() * 100 < ((Share) this).percent();
    }
}
