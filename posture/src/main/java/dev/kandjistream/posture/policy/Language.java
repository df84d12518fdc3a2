package dev.kandjistream.posture.policy;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.OsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CEL as policies speak it: a variable for each {@link Attribute}, a map {@code context} of text to text, {@code has(...)} for
 * attributes and for keys of maps, {@code days(7)}, and versions that compare with text and with nothing else.
 */
final class Language {
    static final String CONTEXT = "context";

    /** How ids of comparisons begin: a version with a text, a text with a version. */
    static final String VERSION_TEXT = "version_text_";

    static final String TEXT_VERSION = "text_version_";

    /** Functions that people are likely to mean, for suggestions. */
    static final List<String> FUNCTIONS = List.of(
            "has", "days", "duration", "size", "contains", "startsWith", "endsWith", "matches", "exists", "all");

    private static final CelType VERSION = OpaqueType.create("version");

    /** Names with a bracket in them: nobody can write one, so only the macro leads to them. */
    private static final String PRESENCE = "has(%s)";

    private static final CelMacro HAS = CelMacro.newGlobalMacro(
            "has", 1, (factory, target, arguments) -> Optional.of(presence(factory, arguments.get(0))));

    private final CelCompiler compiler;
    private final CelRuntime runtime;

    Language() {
        compiler = compiler();
        runtime = CelRuntimeFactory.plannerRuntimeBuilder()
                .addFunctionBindings(bindings())
                .build();
    }

    /** Names and brackets, types not yet looked at. */
    CelValidationResult parse(String condition) {
        return compiler.parse(condition);
    }

    /** Types; the whole must be true or false. */
    CelValidationResult check(CelAbstractSyntaxTree parsed) {
        return compiler.check(parsed);
    }

    /** @throws CelEvaluationException where a checked condition cannot be made to run all the same */
    CelRuntime.Program program(CelAbstractSyntaxTree checked) throws CelEvaluationException {
        return runtime.createProgram(checked);
    }

    /** The variable that says whether the attribute is there. */
    static String presenceOf(String attribute) {
        return PRESENCE.formatted(attribute);
    }

    /** Attributes have no fields: {@code has(mdm_enabled)} becomes a variable, {@code has(context.app)} stays as CEL has it. */
    private static CelExpr presence(CelMacroExprFactory factory, CelExpr asked) {
        if (asked.getKind() == CelExpr.ExprKind.Kind.IDENT
                && asked.ident().name().equals(CONTEXT)) {
            return factory.reportError(
                    "has(...) of context as a whole, which is always there; ask for a key, as has(context.app)");
        }
        return switch (asked.getKind()) {
            case IDENT -> factory.newIdentifier(presenceOf(asked.ident().name()));
            case SELECT ->
                factory.newSelect(asked.select().operand(), asked.select().field(), true);
            default -> factory.reportError("has(...) of something else than an attribute or a key of context");
        };
    }

    private static CelCompiler compiler() {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(CelOptions.current().populateMacroCalls(false).build())
                .setStandardMacros(
                        CelStandardMacro.ALL,
                        CelStandardMacro.EXISTS,
                        CelStandardMacro.EXISTS_ONE,
                        CelStandardMacro.FILTER,
                        CelStandardMacro.MAP)
                .addMacros(HAS)
                .setResultType(SimpleType.BOOL)
                .addVar(CONTEXT, MapType.create(SimpleType.STRING, SimpleType.STRING));
        for (Attribute attribute : Attribute.values()) {
            builder.addVar(attribute.word(), type(attribute.kind()));
            builder.addVar(presenceOf(attribute.word()), SimpleType.BOOL);
        }
        for (Comparison comparison : Comparison.values()) {
            builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                    comparison.function(),
                    CelOverloadDecl.newGlobalOverload(
                            VERSION_TEXT + comparison, SimpleType.BOOL, VERSION, SimpleType.STRING),
                    CelOverloadDecl.newGlobalOverload(
                            TEXT_VERSION + comparison, SimpleType.BOOL, SimpleType.STRING, VERSION)));
        }
        return builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        "days", CelOverloadDecl.newGlobalOverload("days", SimpleType.DURATION, SimpleType.INT)))
                .build();
    }

    private static CelType type(Attribute.Kind kind) {
        return switch (kind) {
            case TEXT -> SimpleType.STRING;
            case TRUTH -> SimpleType.BOOL;
            case SPAN -> SimpleType.DURATION;
            case VERSION -> VERSION;
            case TEXTS -> ListType.create(SimpleType.STRING);
        };
    }

    private static ImmutableList<CelFunctionBinding> bindings() {
        var bindings = new ArrayList<CelFunctionBinding>();
        for (Comparison comparison : Comparison.values()) {
            bindings.add(CelFunctionBinding.from(
                    VERSION_TEXT + comparison,
                    OsVersion.class,
                    String.class,
                    (version, text) -> comparison.holds(version.compareTo(version(text)))));
            bindings.add(CelFunctionBinding.from(
                    TEXT_VERSION + comparison,
                    String.class,
                    OsVersion.class,
                    (text, version) -> comparison.holds(version(text).compareTo(version))));
        }
        bindings.add(CelFunctionBinding.from("days", Long.class, Duration::ofDays));
        return ImmutableList.copyOf(bindings);
    }

    /** Literals were looked at when the policy was read; this is for texts that the context brings. */
    private static OsVersion version(String text) throws CelEvaluationException {
        return OsVersion.parse(text).orElseThrow(() -> new CelEvaluationException("not a version"));
    }
}
