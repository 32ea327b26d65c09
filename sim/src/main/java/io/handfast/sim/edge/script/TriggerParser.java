package io.handfast.sim.edge.script;

import io.handfast.sim.edge.script.Trigger.Moment;

/** Reads what stands before the last colon of a rule. */
final class TriggerParser {
    private static final String ALLOWED = "always, on|after request, on|after 101, on|after frame K [kind] from SIDE,"
            + " after N bytes from SIDE, on fin from SIDE, after TIME";

    private TriggerParser() {}

    static Trigger parse(String part) {
        Words words = new Words(part);
        Trigger trigger = trigger(words);
        words.end();
        return trigger;
    }

    private static Trigger trigger(Words words) {
        if (words.accept("always")) {
            return new Trigger.Always();
        }
        Moment moment = moment(words);
        if (moment == Moment.ON && words.accept("fin")) {
            words.expect("from");
            return new Trigger.Fin(words.side());
        }
        return event(words, moment);
    }

    private static Moment moment(Words words) {
        if (words.accept("on")) {
            return Moment.ON;
        }
        if (words.accept("after")) {
            return Moment.AFTER;
        }
        throw new Complaint("'" + words.next("a trigger") + "' begins no trigger; allowed: " + ALLOWED);
    }

    private static Trigger event(Words words, Moment moment) {
        if (words.accept("request")) {
            return new Trigger.Request(moment);
        }
        if (words.accept("101")) {
            boolean number = moment == Moment.AFTER && !words.atEnd();
            return number ? bytes("101", words) : new Trigger.Switched(moment);
        }
        if (words.accept("frame")) {
            return frame(words, moment);
        }
        String word = words.next("what it waits for; allowed: " + ALLOWED);
        if (moment == Moment.AFTER && word.matches("[0-9.]+(us|ms|s|m|h)(\\.\\..*)?")) {
            return new Trigger.Elapsed(Span.parse(word));
        }
        if (moment == Moment.AFTER && Character.isDigit(word.charAt(0))) {
            return bytes(word, words);
        }
        throw new Complaint("'" + word + "' is no event; allowed: " + ALLOWED);
    }

    private static Trigger frame(Words words, Moment moment) {
        Numbers numbers = Numbers.parse(words.next("which frames, such as 1, 2..5 or 2.."));
        FrameKind kind = FrameKind.ANY;
        if (!words.accept("from")) {
            kind = words.oneOf(FrameKind.class, "kind of frame");
            words.expect("from");
        }
        return new Trigger.Frame(moment, numbers, kind, words.side());
    }

    private static Trigger bytes(String word, Words words) {
        long count = new Words(word).count("number of bytes");
        if (!word.endsWith("iB")) {
            words.expectEither("byte", "bytes");
        }
        words.expect("from");
        return new Trigger.Bytes(count, words.side());
    }

    /** What may stand behind {@code until}. */
    static Until until(Words words) {
        if (words.accept("forever")) {
            return new Until.Forever();
        }
        if (words.accept("barrier")) {
            return new Until.Barrier(words.name("name of a barrier"));
        }
        if (words.accept("request")) {
            return new Until.Event(new Trigger.Request(Moment.AFTER));
        }
        if (words.accept("101")) {
            return new Until.Event(new Trigger.Switched(Moment.AFTER));
        }
        if (words.accept("frame")) {
            return new Until.Event(frame(words, Moment.AFTER));
        }
        if (words.accept("fin")) {
            words.expect("from");
            return new Until.Event(new Trigger.Fin(words.side()));
        }
        String word = words.next(
                "until when; allowed: a time, a range of times, forever, barrier NAME, request, 101, frame K [kind] from SIDE, fin from SIDE");
        return new Until.Time(Span.parse(word));
    }
}
