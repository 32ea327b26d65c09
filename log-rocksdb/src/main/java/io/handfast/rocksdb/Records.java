package io.handfast.rocksdb;

import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.Producer;
import io.handfast.log.RunState;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values, as README.md lists them. Each begins with the version of its form. */
final class Records {
    private static final int VERSION = 1;

    /** Of a run's form; 1 knew no producer. */
    private static final int RUN_VERSION = 2;

    private Records() {}

    static byte[] of(ThreadRecord thread) {
        RecordWriter out = new RecordWriter()
                .octet(VERSION)
                .text(thread.ownerId())
                .text(thread.incarnation())
                .number(thread.oldestSeq())
                .number(thread.headSeq())
                .number(thread.lastMicros())
                .number(thread.openRuns())
                .text(thread.title())
                .number(thread.activeMicros())
                .number(thread.segments().size());
        for (ThreadRecord.Segment segment : thread.segments()) {
            out.number(segment.firstSeq()).number(segment.firstMicros()).number(segment.bytes());
        }
        return out.toBytes();
    }

    static ThreadRecord thread(String threadId, byte[] value) throws StoreException {
        RecordReader in = open(value, "thread " + threadId);
        String ownerId = in.text();
        String incarnation = in.text();
        long oldestSeq = in.number();
        long headSeq = in.number();
        long lastMicros = in.number();
        int openRuns = (int) in.number();
        String title = in.text();
        long activeMicros = in.number();
        int count = in.count();
        List<ThreadRecord.Segment> segments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            segments.add(new ThreadRecord.Segment(in.number(), in.number(), in.number()));
        }
        in.end();
        return new ThreadRecord(
                threadId,
                ownerId,
                incarnation,
                oldestSeq,
                headSeq,
                lastMicros,
                openRuns,
                title,
                activeMicros,
                Collections.unmodifiableList(segments));
    }

    private static RecordReader open(byte[] value, String what) throws StoreException {
        RecordReader in = new RecordReader(value, what);
        version(in, VERSION);
        return in;
    }

    private static int version(RecordReader in, int newest) throws StoreException {
        int version = in.octet();
        if (version < VERSION || version > newest) {
            throw in.damaged("its form is " + version + "; this server reads " + VERSION
                    + (newest > VERSION ? " to " + newest : ""));
        }
        return version;
    }

    static byte[] of(MessageRecord message) {
        return new RecordWriter()
                .octet(VERSION)
                .number(message.seq())
                .text(message.runId())
                .toBytes();
    }

    static MessageRecord message(ThreadRecord thread, String messageId, byte[] value) throws StoreException {
        RecordReader in = open(value, "message " + messageId + " of thread " + thread.threadId());
        MessageRecord message =
                new MessageRecord(thread.threadId(), thread.incarnation(), messageId, in.number(), in.text());
        in.end();
        return message;
    }

    static byte[] of(RunState run) {
        RecordWriter out = new RecordWriter()
                .octet(RUN_VERSION)
                .text(run.threadId())
                .text(run.incarnation())
                .text(run.ownerId())
                .text(run.agent())
                .optional(run.messageId())
                .optional(run.options())
                .number(run.openedMicros())
                .number(run.openedSeq())
                .octet(run.started() ? 1 : 0)
                .octet(run.ended() ? 1 : 0)
                .number(run.openTools().size());
        run.openTools().forEach((id, tool) -> out.text(id).text(tool.toolName()).number(tool.startedMicros()));
        out.number(run.closedTools().size());
        run.closedTools().forEach(out::text);
        Producer producer = run.producer();
        out.octet(producer == null ? 0 : 1);
        if (producer != null) {
            write(out, producer);
        }
        return out.toBytes();
    }

    private static void write(RecordWriter out, Producer producer) {
        out.text(producer.publisherId())
                .number(producer.nextSeq())
                .number(producer.lastSeq())
                .number(producer.deadlineMicros())
                .number(producer.idleDeadlineMicros())
                .number(producer.startedMicros())
                .number(producer.heardMicros())
                .optional(producer.dialect());
    }

    private static Producer producer(RecordReader in) throws StoreException {
        return new Producer(
                in.text(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.optionalBlob());
    }

    static RunState run(String runId, byte[] value) throws StoreException {
        RecordReader in = new RecordReader(value, "run " + runId);
        int version = version(in, RUN_VERSION);
        String threadId = in.text();
        String incarnation = in.text();
        String ownerId = in.text();
        String agent = in.text();
        String messageId = in.optionalText();
        byte[] options = in.optionalBlob();
        long openedMicros = in.number();
        long openedSeq = in.number();
        boolean started = in.octet() == 1;
        boolean ended = in.octet() == 1;
        Map<String, RunState.OpenTool> openTools = new LinkedHashMap<>();
        for (int i = in.count(); i > 0; i--) {
            openTools.put(in.text(), new RunState.OpenTool(in.text(), in.number()));
        }
        Set<String> closedTools = new HashSet<>();
        for (int i = in.count(); i > 0; i--) {
            closedTools.add(in.text());
        }
        Producer producer = version > 1 && in.octet() == 1 ? producer(in) : null;
        in.end();
        return new RunState(
                threadId,
                incarnation,
                runId,
                ownerId,
                agent,
                messageId,
                options,
                openedMicros,
                openedSeq,
                started,
                ended,
                Collections.unmodifiableMap(openTools),
                Collections.unmodifiableSet(closedTools),
                producer);
    }

    /** Type and run stand before the JSON, so that no reader has to parse it. The value's length stands before all. */
    static void of(Entry entry, RecordWriter out) {
        String runId = entry.runId();
        int runBytes = runId == null ? 0 : RecordWriter.bytesOf(runId.length()) + runId.length();
        out.number(3 + runBytes + entry.json().length).octet(VERSION).octet(codeOf(entry.type()));
        if (runId == null) {
            out.octet(0);
        } else {
            out.octet(1).number(runId.length()).id(runId);
        }
        out.raw(entry.json());
    }

    static Entry entry(long seq, byte[] value) throws StoreException {
        RecordReader in = open(value, "event " + seq);
        EventType type = typeOf(in);
        return new Entry(seq, type, in.optionalText(), in.rest());
    }

    private static int codeOf(EventType type) {
        return switch (type) {
            case USER_MESSAGE -> 1;
            case AGENT_STARTED -> 2;
            case AGENT_THINKING -> 3;
            case TOOL_EXECUTING -> 4;
            case TOOL_COMPLETED -> 5;
            case AGENT_RESPONSE_CHUNK -> 6;
            case AGENT_COMPLETED -> 7;
            case AGENT_ERROR -> 8;
            case AGENT_CANCELLED -> 9;
            case CUSTOM -> 10;
        };
    }

    private static EventType typeOf(RecordReader in) throws StoreException {
        int code = in.octet();
        for (EventType type : EventType.values()) {
            if (codeOf(type) == code) {
                return type;
            }
        }
        throw in.damaged("its type is " + code);
    }
}
