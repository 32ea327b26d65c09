package io.handfast.connection;

/** What takes a connection from one state to the next. Each has a sentence, for docs/connection.md. */
enum Trigger {
    CHALLENGED("the first Ping (`proof`) or validation message (`timed`) goes out"),
    PROVEN("the proof that the tier asks for has come; with `timed`, the validation message is written"),
    DEGRADED("it has not come in time, and the policy is to degrade"),
    CHECKED("the 101 is written: `basic`, or `timed` without a validation message"),
    TOLD_TO_GO("shutdown or maximum age; `draining` goes out"),

    PEER_CLOSED("the peer's Close frame; its code is sent back"),
    PEER_VANISHED("end of stream or a failed transport; no code"),
    VIOLATED("RFC 6455 or a limit broken: 1002, 1003, 1007 or 1009"),
    UNAUTHORIZED("the credential expired or was revoked: 4500"),
    STALLED("blocked output made no progress for too long: 4000, without waiting"),
    SHUT_DOWN("before READY: at once; else pending events are out, or the deadline has come: 1012"),
    EXPIRED("maximum age; before READY: at once; else pending events are out, or the grace is over: 4001"),
    FLOODED("more held before READY than allowed: 4504"),
    UNPROVEN("no proof in time, and the policy is to close: 4002"),
    SILENT("two heartbeat intervals without a sign of life: 4003"),
    OVERTAKEN("the cursor fell out of what is retained: 4000"),
    REPLACED("the log was replaced under the reader: 4004"),
    BROKEN("an invariant of the machine does not hold: 1011");

    private final String meaning;

    Trigger(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
