package io.handfast.bench.race;

/** Who reads in a race. */
public enum Reader {
    /**
     * A client of any making: tier transport, its thread in the URL; takes what comes once its handler is attached, looks at no
     * {@code seq}, and does not come back.
     */
    PLAIN,
    /** The chat page's client, modelled by {@link io.handfast.bench.client.PageClient}: tier application, reader's rule. */
    PAGE
}
