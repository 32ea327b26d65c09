package io.handfast.sim.edge.script;

/** What is wrong with a line, and what is allowed; the parser adds the line's number. */
final class Complaint extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Complaint(String message) {
        super(message);
    }
}
