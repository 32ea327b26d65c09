package io.handfast.server.publish;

import io.handfast.agents.agui.AguiEvent;
import io.handfast.agents.agui.MalformedAguiException;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.PublishBodies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The events of one call, read as far as they can be without their run. All are of one kind. */
sealed interface Batch {
    /** The number of the first event. */
    long producerSeq();

    /** Events of spec/protocol.md. */
    record Own(long producerSeq, List<List<EventDraft>> events) implements Batch {}

    /** Events of AG-UI. */
    record Agui(long producerSeq, List<AguiEvent> events) implements Batch {}

    /** How AG-UI writes types, also those that nobody here knows yet. */
    Pattern AGUI_TYPE = Pattern.compile("[A-Z][A-Z0-9_]*");

    static Batch of(HttpCall call) throws RefusedException {
        Outcome<PublishBodies.Events> read = PublishBodies.events(call.object());
        if (read instanceof Outcome.Refused<PublishBodies.Events> refused) {
            throw new RefusedException(Problem.ofFields(refused));
        }
        PublishBodies.Events body = ((Outcome.Done<PublishBodies.Events>) read).value();
        long agui = body.events().stream().filter(Batch::agui).count();
        if (agui == 0) {
            return new Own(body.producerSeq(), drafts(body.events()));
        }
        if (agui < body.events().size()) {
            throw new RefusedException(Problem.invalidField(
                    "events", "events must be of one kind: those of this protocol, or those of AG-UI"));
        }
        return new Agui(body.producerSeq(), aguiEvents(body.events()));
    }

    private static boolean agui(Map<String, @Nullable Object> event) {
        return event.get("type") instanceof String type
                && AGUI_TYPE.matcher(type).matches();
    }

    private static List<List<EventDraft>> drafts(List<Map<String, @Nullable Object>> events) throws RefusedException {
        List<List<EventDraft>> drafts = new ArrayList<>();
        for (Map<String, @Nullable Object> event : events) {
            Outcome<EventDraft> draft = PublishBodies.draft(drafts.size(), event);
            if (draft instanceof Outcome.Refused<EventDraft> refused) {
                throw new RefusedException(Problem.ofFields(refused));
            }
            drafts.add(List.of(((Outcome.Done<EventDraft>) draft).value()));
        }
        return drafts;
    }

    private static List<AguiEvent> aguiEvents(List<Map<String, @Nullable Object>> events) throws RefusedException {
        List<AguiEvent> read = new ArrayList<>();
        for (Map<String, @Nullable Object> event : events) {
            String field = PublishBodies.at(read.size());
            try {
                read.add(AguiEvent.of(event));
            } catch (MalformedAguiException e) {
                throw new RefusedException(Problem.invalidField(field, field + " is " + e.getMessage()));
            }
        }
        return read;
    }
}
