package io.handfast.agents.docs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Full-text search over the sections of the documentation, in memory. Built once; any thread may search. */
final class DocsIndex {
    private static final String TITLE = "title";
    private static final String TRAIL = "trail";
    private static final String TEXT = "text";
    private static final Map<String, Float> FIELDS = Map.of(TITLE, 2.5f, TRAIL, 1.0f, TEXT, 1.0f);
    private static final float RELATED_BOOST = 0.4f;

    /** On newer JVMs Lucene warns that its vectors could be faster; there are none here. Held, or the level is forgotten. */
    private static final Logger VECTOR_ADVICE =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    static {
        VECTOR_ADVICE.setLevel(Level.SEVERE);
    }

    private final English english = new English();
    private final List<Section> sections;
    private final IndexSearcher searcher;

    /** A section with how well it matches; only comparable within one search. */
    record Hit(Section section, float score) {}

    private DocsIndex(List<Section> sections) throws IOException {
        this.sections = sections;
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(english))) {
            for (Section section : sections) {
                Document document = new Document();
                document.add(new TextField(TITLE, section.title(), Field.Store.NO));
                document.add(new TextField(TRAIL, String.join(" ", section.trail()), Field.Store.NO));
                document.add(new TextField(TEXT, section.text(), Field.Store.NO));
                writer.addDocument(document);
            }
            writer.forceMerge(1); // document n of the one segment is section n
        }
        this.searcher = new IndexSearcher(DirectoryReader.open(directory));
    }

    /** @param documents markdown by path; a changelog tells how things were, and is left out */
    static DocsIndex of(Map<String, String> documents) throws IOException {
        List<Section> sections = new ArrayList<>();
        documents.forEach((path, markdown) -> {
            if (!path.equals("CHANGELOG.md")) {
                sections.addAll(Markdown.sections(path, markdown));
            }
        });
        return new DocsIndex(sections);
    }

    English english() {
        return english;
    }

    Question question(String text) {
        return Question.of(text, english, this::rarity);
    }

    /** The weight of a term: high for one that few sections have, highest for one that none has. */
    private double rarity(String term) {
        try {
            int found = Math.max(
                    searcher.getIndexReader().docFreq(new Term(TEXT, term)),
                    searcher.getIndexReader().docFreq(new Term(TITLE, term)));
            return Math.log(1 + (sections.size() + 1.0) / (found + 0.5));
        } catch (IOException e) {
            throw new IllegalStateException("an index in memory cannot fail to be read", e);
        }
    }

    /** The sections that match best, the best first. */
    List<Hit> search(Question question, int limit) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        FIELDS.forEach((field, boost) -> {
            question.asked().keySet().forEach(term -> query.add(clause(field, term, boost)));
            question.related().keySet().forEach(term -> query.add(clause(field, term, boost * RELATED_BOOST)));
        });
        try {
            List<Hit> hits = new ArrayList<>();
            for (ScoreDoc found : searcher.search(query.build(), limit).scoreDocs) {
                hits.add(new Hit(sections.get(found.doc), found.score));
            }
            return hits;
        } catch (IOException e) {
            throw new IllegalStateException("an index in memory cannot fail to be read", e);
        }
    }

    private static BooleanClause clause(String field, String term, float boost) {
        Query query = new BoostQuery(new TermQuery(new Term(field, term)), boost);
        return new BooleanClause(query, BooleanClause.Occur.SHOULD);
    }
}
