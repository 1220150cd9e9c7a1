import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.actions.setgeopoint.StubSetGeopointActionHandler;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.AnswerDataFactory;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.UncastData;
import org.javarosa.core.model.data.helper.AnswerDataUtil;
import org.javarosa.core.model.instance.FormInstance;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceFactory;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.FormEntryCaption;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;
import org.javarosa.xform.util.XFormUtils;

/**
 * Plays scripts on JavaRosa: one JSON line in, one JSON line out.
 *
 * In: {"xml", "files" (folder of the form's attachments), "counted" (has jr:count),
 * "stale" (rows read other rows: calculate all before a look),
 * "actions": [{"op": set|add|remove|lang|look, …}]}.
 * Out: {"looks": [{"at", "cells": {ref: [value, relevant, required, readonly]}, "gone",
 * "shown": {ref: [label, hint, constraint holds, [[choice, label]…]]}} (groups and repeats too)], "xml"} or
 * {"error", "at"}. A look tells what changed since the last one. References have positions at
 * repeats only, counted from 1.
 */
public final class Oracle {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final XFormAnswerDataSerializer WRITER = new XFormAnswerDataSerializer();

    private final FormDef form;
    private final FormEntryModel model;
    private final FormEntryController controller;
    private final boolean counted;
    private final boolean stale;
    private final TreeElement root;
    private final Map<String, List<Object>> lastCells = new HashMap<>();
    private final Map<String, List<Object>> lastShown = new HashMap<>();

    private Oracle(JsonNode script) throws Exception {
        ReferenceManager.instance().reset();
        Path files = Path.of(script.path("files").asText("/nowhere"));
        ReferenceManager.instance().addReferenceFactory(new Folder(files));
        byte[] xml = script.get("xml").asText().getBytes(StandardCharsets.UTF_8);
        form = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(xml));
        model = new FormEntryModel(form);
        controller = new FormEntryController(model);
        form.getEvaluationContext().addFunctionHandler(new PullData(files));
        form.initialize(true, new InstanceInitializationFactory());
        counted = script.path("counted").asBoolean();
        stale = script.path("stale").asBoolean();
        root = form.getMainInstance().getRoot();
        stepThrough();
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(System.getenv("ORACLE_LOUD") == null
            ? new PrintStream(OutputStream.nullOutputStream()) : System.err);
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new NoProperties());
        XFormParser.registerActionHandler(
            StubSetGeopointActionHandler.ELEMENT_NAME, new StubSetGeopointActionHandler());
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream utf8 = new PrintStream(out, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            utf8.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
            utf8.flush();
        }
    }

    private static Map<String, Object> answer(JsonNode script) {
        if (script.has("loads")) {
            return time(script);
        }
        int[] at = {-1};
        try {
            return new Oracle(script).play(script, at);
        } catch (Exception | StackOverflowError | AssertionError fault) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("error", fault.getClass().getSimpleName() + ": " + fault.getMessage());
            said.put("at", at[0]);
            StackTraceElement[] trace = fault.getStackTrace();
            said.put("where", Arrays.toString(Arrays.copyOf(trace, Math.min(6, trace.length))));
            return said;
        }
    }

    private Map<String, Object> play(JsonNode script, int[] at) throws Exception {
        List<Object> looks = new ArrayList<>();
        looks.add(look(-1));
        JsonNode actions = script.get("actions");
        for (int i = 0; i < actions.size(); i++) {
            at[0] = i;
            if (actions.get(i).get("op").asText().equals("look")) {
                looks.add(look(i));
            } else {
                act(actions.get(i));
            }
        }
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("looks", looks);
        form.postProcessInstance();
        byte[] xml = new XFormSerializingVisitor().serializeInstance(form.getMainInstance());
        said.put("xml", new String(xml, StandardCharsets.UTF_8));
        return said;
    }

    // time ----------------------------------------------------------------------------

    /**
     * In: "loads" (how often to open the form), "actions" (also {"op": "choices", "ref"}).
     * Out: nanoseconds of the processor for each, in order.
     */
    private static Map<String, Object> time(JsonNode script) {
        List<Long> loads = new ArrayList<>();
        List<Long> actions = new ArrayList<>();
        try {
            Oracle last = null;
            for (int i = 0; i < script.get("loads").asInt(); i++) {
                long start = CLOCK.getCurrentThreadCpuTime();
                last = new Oracle(script);
                loads.add(CLOCK.getCurrentThreadCpuTime() - start);
            }
            for (JsonNode action : script.get("actions")) {
                actions.add(last.timed(action));
            }
        } catch (Exception fault) {
            return Map.of("error", fault.toString());
        }
        return Map.of("loads", loads, "actions", actions);
    }

    private long timed(JsonNode action) throws Exception {
        String op = action.get("op").asText();
        TreeReference ref = parse(action.get("ref").asText());
        FormIndex index = op.equals("set") ? null : indexOf(ref);
        long start = CLOCK.getCurrentThreadCpuTime();
        switch (op) {
            case "set":
                set(action.get("ref").asText(), "input", action.get("text").asText());
                break;
            case "add":
                form.createNewRepeat(index);
                break;
            default:
                new FormEntryPrompt(form, index).getSelectChoices();
        }
        return CLOCK.getCurrentThreadCpuTime() - start;
    }

    // actions -------------------------------------------------------------------------

    private void act(JsonNode action) throws Exception {
        String ref = action.path("ref").asText();
        switch (action.get("op").asText()) {
            case "set":
                set(ref, action.path("control").asText(), action.path("text").asText());
                break;
            case "add":
                form.createNewRepeat(indexOf(parse(ref)));
                break;
            case "remove":
                form.deleteRepeat(indexOf(parse(ref)));
                break;
            case "lang":
                controller.setLanguage(action.get("name").asText());
                break;
            default:
                throw new IllegalArgumentException(action.toString());
        }
        stepThrough();
    }

    private void set(String path, String control, String text) {
        TreeReference ref = parse(path);
        TreeElement element = form.getMainInstance().resolveReference(ref);
        if (element == null) {
            throw new IllegalArgumentException("no node " + path);
        }
        form.setValue(data(element, control, text), ref, true);
    }

    private static IAnswerData data(TreeElement element, String control, String text) {
        if (text.isEmpty()) {
            return null;
        }
        int kind = Constants.CONTROL_INPUT;
        switch (control) {
            case "select1": kind = Constants.CONTROL_SELECT_ONE; break;
            case "select": kind = Constants.CONTROL_SELECT_MULTI; break;
            case "rank": kind = Constants.CONTROL_RANK; break;
            case "range": kind = Constants.CONTROL_RANGE; break;
            case "trigger": kind = Constants.CONTROL_TRIGGER; break;
            default: break;
        }
        return AnswerDataFactory.template(kind, element.getDataType()).cast(new UncastData(text));
    }

    /** Visit every place, as a person going through the form: counted repeats get rows. */
    private void stepThrough() {
        if (!counted) {
            return;
        }
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        int event = FormEntryController.EVENT_BEGINNING_OF_FORM;
        while (event != FormEntryController.EVENT_END_OF_FORM) {
            event = controller.stepToNextEvent();
        }
        FormIndex index = tooMany();
        while (index != null) {
            form.deleteRepeat(index);
            index = tooMany();
        }
    }

    /** A row beyond its count: JavaRosa leaves it, a person who minds deletes it. */
    private FormIndex tooMany() {
        FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex(), true);
        while (!index.isEndOfFormIndex()) {
            if (model.getEvent(index) == FormEntryController.EVENT_REPEAT) {
                GroupDef group = (GroupDef) form.getChild(index);
                if (group.getCountReference() != null
                    && index.getReference().getMultLast() >= count(group, index)) {
                    return index;
                }
            }
            index = model.incrementIndex(index, true);
        }
        return null;
    }

    private int count(GroupDef group, FormIndex index) {
        TreeReference ref = FormInstance.unpackReference(group.getCountReference())
            .contextualize(index.getReference());
        TreeElement element = form.getMainInstance().resolveReference(ref);
        return element == null || element.getValue() == null || !element.isRelevant()
            ? 0 : AnswerDataUtil.answerDataToInt(element.getValue());
    }

    private static TreeReference parse(String path) {
        TreeReference ref = TreeReference.rootRef();
        for (String step : path.substring(1).split("/")) {
            int bracket = step.indexOf('[');
            String name = bracket < 0 ? step : step.substring(0, bracket);
            int place = bracket < 0
                ? 0 : Integer.parseInt(step.substring(bracket + 1, step.length() - 1)) - 1;
            ref.add(name.substring(name.indexOf(':') + 1), place);
        }
        return ref;
    }

    private FormIndex indexOf(TreeReference wanted) {
        FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex(), true);
        while (!index.isEndOfFormIndex()) {
            if (wanted.equals(index.getReference())) {
                return index;
            }
            index = model.incrementIndex(index, true);
        }
        throw new IllegalArgumentException("no place " + wanted);
    }

    // looks ---------------------------------------------------------------------------

    private Map<String, Object> look(int at) {
        if (stale) {
            form.initialize(false, new InstanceInitializationFactory());
        }
        Map<String, List<Object>> shown = new LinkedHashMap<>();
        FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex(), true);
        while (!index.isEndOfFormIndex()) {
            if (model.getEvent(index) == FormEntryController.EVENT_QUESTION
                && model.isIndexRelevant(index)) {
                shown.put(refOf(index.getReference()), prompt(index));
            } else if (form.getChild(index) instanceof GroupDef
                && form.getChild(index).getBind() != null && model.isIndexRelevant(index)) {
                String ref = refOf(index.getReference()).replaceFirst("\\[\\d+\\]$", "");
                String label = said(new FormEntryCaption(form, index).getQuestionText());
                shown.putIfAbsent(ref, Arrays.asList(label, "", true, List.of()));
            }
            index = model.incrementIndex(index, true);
        }
        Map<String, List<Object>> cells = new LinkedHashMap<>();
        cell(root, "/" + root.getName(), cells);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("at", at);
        said.put("gone", lastCells.keySet().stream().filter(r -> !cells.containsKey(r)).toArray());
        said.put("hidden", lastShown.keySet().stream().filter(r -> !shown.containsKey(r)).toArray());
        said.put("cells", changed(cells, lastCells));
        said.put("shown", changed(shown, lastShown));
        return said;
    }

    private static Map<String, Object> changed(
            Map<String, List<Object>> now, Map<String, List<Object>> last) {
        Map<String, Object> found = new LinkedHashMap<>();
        now.forEach((ref, state) -> {
            if (!state.equals(last.get(ref))) {
                found.put(ref, state);
            }
        });
        last.clear();
        last.putAll(now);
        return found;
    }

    private void cell(TreeElement element, String ref, Map<String, List<Object>> cells) {
        if (element.getMult() == TreeReference.INDEX_TEMPLATE) {
            return;
        }
        cells.put(ref, Arrays.asList(
            text(element), element.isRelevant(), element.isRequired(), !element.isEnabled()));
        for (int i = 0; i < element.getNumChildren(); i++) {
            TreeElement child = element.getChildAt(i);
            String place = child.isRepeatable() ? "[" + (child.getMult() + 1) + "]" : "";
            cell(child, ref + "/" + child.getName() + place, cells);
        }
    }

    private static String text(TreeElement element) {
        IAnswerData value = element.getValue();
        return value == null ? "" : String.valueOf(
            WRITER.serializeAnswerData(value, element.getDataType()));
    }

    private String refOf(TreeReference ref) {
        StringBuilder path = new StringBuilder();
        TreeReference sofar = TreeReference.rootRef();
        for (int i = 0; i < ref.size(); i++) {
            sofar.add(ref.getName(i), ref.getMultiplicity(i));
            TreeElement element = form.getMainInstance().resolveReference(sofar);
            path.append('/').append(ref.getName(i));
            if (element != null && element.isRepeatable()) {
                path.append('[').append(ref.getMultiplicity(i) + 1).append(']');
            }
        }
        return path.toString();
    }

    /** Asking for choices clears an answer that is no longer offered: it is put back. */
    private List<Object> prompt(FormIndex index) {
        TreeReference ref = index.getReference();
        TreeElement element = form.getMainInstance().resolveReference(ref);
        IAnswerData before = element.getValue();
        FormEntryPrompt prompt = new FormEntryPrompt(form, index);
        List<Object> choices = new ArrayList<>();
        List<SelectChoice> offered = prompt.getSelectChoices();
        if (offered != null) {
            for (SelectChoice choice : offered) {
                choices.add(List.of(choice.getValue(), said(prompt.getSelectChoiceText(choice))));
            }
        }
        if (before != null && element.getValue() != before && !before.getDisplayText().equals(
                element.getValue() == null ? null : element.getValue().getDisplayText())) {
            form.setValue(before, ref, true);
        }
        boolean holds = before == null || form.evaluateConstraint(ref, before);
        return Arrays.asList(
            said(prompt.getQuestionText()), said(prompt.getHelpText()), holds, choices);
    }

    private static String said(String text) {
        return text == null ? "" : text;
    }

    // attachments ---------------------------------------------------------------------

    /** `jr://…/name` is the file of that name in the form's folder. */
    private static final class Folder implements ReferenceFactory {
        private final Path folder;

        Folder(Path folder) {
            this.folder = folder;
        }

        @Override public boolean derives(String uri) {
            return uri.startsWith("jr://");
        }

        @Override public Reference derive(String uri) {
            return new Attached(uri, folder.resolve(uri.substring(uri.lastIndexOf('/') + 1)));
        }

        @Override public Reference derive(String uri, String context) {
            return derive(uri);
        }
    }

    private static final class Attached implements Reference {
        private final String uri;
        private final Path path;

        Attached(String uri, Path path) {
            this.uri = uri;
            this.path = path;
        }

        @Override public boolean doesBinaryExist() {
            return Files.exists(path);
        }

        @Override public InputStream getStream() throws IOException {
            return Files.newInputStream(path);
        }

        @Override public String getURI() {
            return uri;
        }

        @Override public String getLocalURI() {
            return path.toString();
        }

        @Override public boolean isReadOnly() {
            return true;
        }

        @Override public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
        }

        @Override public void remove() {
            throw new UnsupportedOperationException();
        }

        @Override public Reference[] probeAlternativeReferences() {
            return new Reference[0];
        }
    }

    /** A telephone that knows nothing of its owner. */
    private static final class NoProperties implements IPropertyManager {
        @Override public String getSingularProperty(String name) {
            return "";
        }

        @Override public List<String> getProperty(String name) {
            return List.of();
        }

        @Override public void setProperty(String name, String value) {
        }

        @Override public void setProperty(String name, List<String> values) {
        }

        @Override public void addRules(IPropertyRules rules) {
        }

        @Override public List<IPropertyRules> getRules() {
            return List.of();
        }
    }

    /** pulldata(list, wanted, key, value), which JavaRosa leaves to its client. */
    private static final class PullData implements IFunctionHandler {
        private final Path folder;

        PullData(Path folder) {
            this.folder = folder;
        }

        @Override public String getName() {
            return "pulldata";
        }

        @Override public List<Class[]> getPrototypes() {
            return new ArrayList<>();
        }

        @Override public boolean rawArgs() {
            return true;
        }

        @Override public boolean realTime() {
            return false;
        }

        @Override public Object eval(Object[] args, EvaluationContext context) {
            String[] said = new String[args.length];
            for (int i = 0; i < args.length; i++) {
                said[i] = org.javarosa.xpath.expr.XPathFuncExpr.toString(args[i]);
            }
            String name = said[0].endsWith(".csv") ? said[0] : said[0] + ".csv";
            try {
                List<String> lines = Files.readAllLines(folder.resolve(name));
                List<String> head = Arrays.asList(lines.get(0).split(",", -1));
                int wanted = head.indexOf(said[1]);
                int key = head.indexOf(said[2]);
                for (String line : lines.subList(1, lines.size())) {
                    String[] row = line.split(",", -1);
                    if (row[key].equals(said[3])) {
                        return row[wanted];
                    }
                }
            } catch (IOException | IndexOutOfBoundsException missing) {
                return "";
            }
            return "";
        }
    }
}
