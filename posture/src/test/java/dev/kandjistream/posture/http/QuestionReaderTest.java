package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionReaderTest {
    /** Bodies in single quotes here are in double quotes there. */
    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            ``                                      => expected JSON, found nothing
            {'serial_number':'s3cret'               => expected JSON, found its end too early at line 1, column 26
            {'serial_number':s3cret}                => expected JSON, found something else at line 1, column 25
            {'serial_number':'s3cret'} x            => expected JSON, found something else at line 1, column 29
            {'serial_number':'s3cret'} {}           => expected one JSON value, found more behind it at line 1, column 29
            {'serial_number':'a','serial_number':'s3cret'} => expected every key once, found one twice at line 1, column 46
            [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]    => expected at most 16 levels and numbers of sane length, found more at line 1, column 18
            ['s3cret']                              => expected an object, found a list
            null                                    => expected an object, found null
            {}                                      => expected 1 to 100 printable characters, found nothing
            {'serial_number':17}                    => expected 1 to 100 printable characters, found a number
            {'serial_number':null}                  => expected 1 to 100 printable characters, found null
            {'serial_number':' '}                   => expected 1 to 100 printable characters, found text that is blank, longer or has others
            {'serial_number':'s3cret\\n1'}          => expected 1 to 100 printable characters, found text that is blank, longer or has others
            {'serial_number':'s3cret\\ud800'}       => expected 1 to 100 printable characters, found text that is blank, longer or has others
            {'serial_number':'a','platform':true}   => expected at most 100 printable characters, found true or false
            {'serial_number':'a','user_email':['s3cret']} => expected at most 320 printable characters, found a list
            {'serial_number':'a','context':'s3cret'} => expected an object of at most 50 texts, found text
            {'serial_number':'a','context':{'b':{}}} => expected text, found an object
            {'serial_number':'a','context':{'b':'\\udc00'}} => expected at most 1000 characters, found text that is longer or has others
            {'serial_number':'a','serial':'s3cret'} => expected no keys but context, platform, serial_number, user_email, found this one
            """)
    void whatIsWrongIsToldWithoutQuotingIt(String body, String expected) {
        Problem problem = refusal((body == null ? "" : body).replace('\'', '"'));

        assertThat(problem.detail()).isEqualTo(expected);
        assertThat(text(problem)).doesNotContain("s3cret");
    }

    @Test
    void everythingThatIsWrongIsToldByPlace() {
        Problem problem = refusal("""
                {"serial_number": "", "platform": 1, "user_email": {}, "context": {"a/b~c": 2, "d": null}, "serialnumber": 3}""");

        assertThat(problem.detail()).isEqualTo("6 things are wrong with the body; errors lists them");
        assertThat(problem.faults())
                .extracting(Problem.Fault::pointer)
                .containsExactlyInAnyOrder(
                        "/serialnumber",
                        "/serial_number",
                        "/platform",
                        "/user_email",
                        "/context/a~1b~0c",
                        "/context/d");
    }

    @Test
    void tooLongIsOneCharacterMoreThanMayBe() {
        assertThat(QuestionReader.question(bytes(question(100, 100, 320, 1_000)))
                        .serialNumber()
                        .text())
                .hasSize(100);
        assertThat(refusal(question(101, 101, 321, 1_001)).faults()).hasSize(4);
    }

    @Test
    void contextMayHaveFiftyEntriesWithKeysOfAHundredCharacters() {
        assertThat(QuestionReader.question(bytes(withContext(50, 100))).context())
                .hasSize(50);
        assertThat(refusal(withContext(51, 100)).detail()).endsWith("found 51 of them");
        assertThat(refusal(withContext(1, 101)).detail()).startsWith("expected a key of at most 100 characters");
        assertThat(refusal(withContext(1, 5_000)).faults().get(0).pointer()).hasSizeLessThan(120);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] latin1 = "{\"serial_number\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"serial_number\":\"a\"}".getBytes(StandardCharsets.UTF_16);

        assertThat(refusal(latin1).detail()).isEqualTo("expected UTF-8, found bytes that are none");
        assertThat(refusal(utf16).detail()).isEqualTo("expected UTF-8, found bytes that are none");
    }

    @Test
    void faultsOfABatchNameTheQuestion() {
        Problem problem = batchRefusal("""
                {"questions": [{"serial_number": "a"}, {"serial_number": 2}, 3]}""");

        assertThat(problem.faults())
                .containsExactly(
                        new Problem.Fault(
                                "/questions/1/serial_number", "expected 1 to 100 printable characters, found a number"),
                        new Problem.Fault("/questions/2", "expected an object, found a number"));
    }

    @Test
    void aBatchHasOneToAsManyQuestionsAsAreAllowed() {
        assertThat(QuestionReader.questions(bytes(batchOf(3)), 3)).hasSize(3);
        assertThat(batchRefusal(batchOf(4)).detail())
                .isEqualTo("expected a list of 1 to 3 questions, found a list of 4");
        assertThat(batchRefusal(batchOf(0)).detail())
                .isEqualTo("expected a list of 1 to 3 questions, found a list of 0");
        assertThat(batchRefusal("{}").detail()).isEqualTo("expected a list of 1 to 3 questions, found nothing");
        assertThat(batchRefusal("{\"questions\":{}}").detail()).endsWith("found an object");
    }

    @Test
    void notMoreFaultsAreListedThanAnybodyReads() {
        String hundred =
                IntStream.range(0, 100).mapToObj(i -> "{}").collect(Collectors.joining(",", "{\"questions\":[", "]}"));

        Problem problem = catchThrowableOfType(Refusal.class, () -> QuestionReader.questions(bytes(hundred), 1_000))
                .problem();

        assertThat(problem.faults()).hasSize(20);
    }

    /** Nothing else is ever thrown: whoever asks gets a problem of their own, not one of ours. */
    @Property(tries = 300)
    void whateverIsSentIsAQuestionOrARefusal(@ForAll byte[] body) {
        try {
            QuestionReader.question(body);
        } catch (Refusal refusal) {
            assertThat(refusal.problem().kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
        }
    }

    private static Problem refusal(String body) {
        return refusal(bytes(body));
    }

    private static Problem refusal(byte[] body) {
        return catchThrowableOfType(Refusal.class, () -> QuestionReader.question(body))
                .problem();
    }

    private static Problem batchRefusal(String body) {
        return catchThrowableOfType(Refusal.class, () -> QuestionReader.questions(bytes(body), 3))
                .problem();
    }

    private static String text(Problem problem) {
        return new String(problem.json("id"), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static String question(int serial, int platform, int email, int context) {
        return "{\"serial_number\":\"%s\",\"platform\":\"%s\",\"user_email\":\"%s\",\"context\":{\"a\":\"%s\"}}"
                .formatted("x".repeat(serial), "x".repeat(platform), "x".repeat(email), "x".repeat(context));
    }

    private static String withContext(int entries, int keyLength) {
        return IntStream.range(0, entries)
                .mapToObj(i -> "\"%s%02d\":\"\"".formatted("k".repeat(keyLength - 2), i))
                .collect(Collectors.joining(",", "{\"serial_number\":\"a\",\"context\":{", "}}"));
    }

    private static String batchOf(int questions) {
        return IntStream.range(0, questions)
                .mapToObj(i -> "{\"serial_number\":\"a\"}")
                .collect(Collectors.joining(",", "{\"questions\":[", "]}"));
    }
}
