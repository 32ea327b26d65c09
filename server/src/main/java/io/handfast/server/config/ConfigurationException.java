package io.handfast.server.config;

import java.util.List;

/** The server cannot start as it is configured: all mistakes at once, each naming key, value and what is allowed. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    ConfigurationException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** One sentence for each mistake. */
    public List<String> mistakes() {
        return mistakes;
    }
}
