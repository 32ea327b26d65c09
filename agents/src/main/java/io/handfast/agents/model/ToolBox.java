package io.handfast.agents.model;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools that a model may call: methods annotated with LangChain4j's {@code @Tool}. */
final class ToolBox {
    private record Entry(ToolSpecification specification, DefaultToolExecutor executor) {}

    /** What a call came to; {@code text} is what the model reads. */
    record Result(boolean ok, String text) {}

    private final Map<String, Entry> tools = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when an object has no tool, or two tools have one name */
    ToolBox(List<Object> objects) {
        for (Object object : objects) {
            List<Method> methods = Arrays.stream(object.getClass().getMethods())
                    .filter(method -> method.isAnnotationPresent(Tool.class))
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();
            if (methods.isEmpty()) {
                throw new IllegalArgumentException(
                        object.getClass().getName() + " has no public method with @Tool, so it is no tool");
            }
            methods.forEach(method -> add(object, method));
        }
    }

    private void add(Object object, Method method) {
        ToolSpecification specification = ToolSpecifications.toolSpecificationFrom(method);
        DefaultToolExecutor executor = DefaultToolExecutor.builder()
                .object(object)
                .originalMethod(method)
                .methodToInvoke(method)
                .wrapToolArgumentsExceptions(true)
                .propagateToolExecutionExceptions(true)
                .build();
        if (tools.put(specification.name(), new Entry(specification, executor)) != null) {
            throw new IllegalArgumentException("two tools have the name " + specification.name());
        }
    }

    List<ToolSpecification> specifications() {
        return tools.values().stream().map(Entry::specification).toList();
    }

    /** Calls a tool. What goes wrong is a result as well: the model reads it and may do better. */
    Result call(ToolExecutionRequest call, String threadId) throws InterruptedException {
        Entry tool = tools.get(call.name());
        if (tool == null) {
            return new Result(false, "There is no tool " + call.name() + ". There are: " + tools.keySet());
        }
        try {
            return new Result(true, tool.executor().execute(call, threadId));
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InterruptedException) {
                    throw (InterruptedException) cause;
                }
            }
            String message = e.getMessage();
            return new Result(false, message == null ? e.getClass().getSimpleName() : message);
        }
    }
}
