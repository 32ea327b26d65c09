package io.handfast.netty.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. The first pattern that fits wins. */
final class Router {
    /** What became of the search. */
    sealed interface Match {
        record Found(HttpRoute route, Map<String, String> captures) implements Match {}

        record WrongMethod(String allow) implements Match {}

        record NotFound() implements Match {}
    }

    private record Place(HttpRoute route, PathPattern pattern) {}

    private final List<Place> places = new ArrayList<>();

    Router(List<HttpRoute> routes) {
        for (HttpRoute route : routes) {
            places.add(new Place(route, new PathPattern(route.pattern())));
        }
    }

    /**
     * @param segments the path's segments, each decoded
     */
    Match match(String method, List<String> segments) {
        TreeSet<String> allow = new TreeSet<>();
        for (Place place : places) {
            Map<String, String> captures = place.pattern().match(segments);
            if (captures == null) {
                continue;
            }
            String allowed = place.route().method();
            if (allowed.equals(method) || (allowed.equals("GET") && method.equals("HEAD"))) {
                return new Match.Found(place.route(), captures);
            }
            allow.add(allowed);
            if (allowed.equals("GET")) {
                allow.add("HEAD");
            }
        }
        return allow.isEmpty() ? new Match.NotFound() : new Match.WrongMethod(String.join(", ", allow));
    }
}
