package io.handfast.agents.agui;

/** An event that AG-UI does not allow. The message names what is wrong and what is allowed, and holds nothing of the content. */
public final class MalformedAguiException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAguiException(String message) {
        super(message);
    }
}
