package io.handfast.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads YAML into names with dots and texts as they were written: YAML's own types would turn {@code 010} into 8 and
 * {@code on} into true, and an empty value into none at all.
 */
final class YamlFile {
    private final Map<String, String> values = new LinkedHashMap<>();

    private YamlFile() {}

    /** Lists become texts separated by commas. */
    static Map<String, String> read(Path file) throws IOException, UnusableException {
        YamlFile yaml = new YamlFile();
        try {
            LoaderOptions options = new LoaderOptions();
            DumperOptions dumping = new DumperOptions();
            Node root = new Yaml(new SafeConstructor(options), new Representer(dumping), dumping, options)
                    .compose(new StringReader(Files.readString(file)));
            if (root instanceof MappingNode mapping) {
                yaml.mapping("", mapping);
            } else if (root != null) {
                throw new UnusableException("it has to be a mapping that begins with 'handfast:'");
            }
        } catch (YAMLException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        }
        return yaml.values;
    }

    private void mapping(String prefix, MappingNode mapping) throws UnusableException {
        for (NodeTuple entry : mapping.getValue()) {
            String key = prefix + scalar(prefix, entry.getKeyNode());
            Node value = entry.getValueNode();
            if (value instanceof MappingNode inner) {
                mapping(key + ".", inner);
            } else if (value instanceof SequenceNode sequence) {
                List<String> elements = new ArrayList<>();
                for (Node element : sequence.getValue()) {
                    elements.add(scalar(key, element));
                }
                put(key, String.join(",", elements));
            } else {
                put(key, scalar(key, value));
            }
        }
    }

    private void put(String key, String value) throws UnusableException {
        if (values.putIfAbsent(key, value) != null) {
            throw new UnusableException(key + " stands there twice");
        }
    }

    private static String scalar(String where, Node node) throws UnusableException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new UnusableException(where + " holds a list or a mapping where a single value is allowed");
    }

    /** The file is no YAML, or not of the form that settings have. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }
}
