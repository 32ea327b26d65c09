package io.handfast.agents.docs;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The anchors of one document's headings, as GitHub and the chat page make them. */
final class Slugs {
    private static final Pattern DROPPED = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\s-]");

    private final Map<String, Integer> used = new HashMap<>();

    /** @param heading as plain text; to be given in the order of the document, since repeats are numbered */
    String of(String heading) {
        String plain = DROPPED.matcher(heading.strip().toLowerCase(Locale.ROOT))
                .replaceAll("")
                .replaceAll("\\s", "-");
        int times = used.merge(plain, 1, Integer::sum) - 1;
        return times == 0 ? plain : plain + "-" + times;
    }
}
