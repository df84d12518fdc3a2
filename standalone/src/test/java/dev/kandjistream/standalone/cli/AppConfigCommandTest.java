package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.standalone.run.StopSignal;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class AppConfigCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aDictionaryOfOneKeyWithKandjisVariableGoesToStandardOutputAlone() throws Exception {
        assertThat(run("appconfig")).isZero();

        Element dict = dictionary(out.toString());
        assertThat(dict.getElementsByTagName("key").item(0).getTextContent()).isEqualTo("serialNumber");
        assertThat(dict.getElementsByTagName("string").item(0).getTextContent()).isEqualTo("$SERIAL_NUMBER");
        assertThat(dict.getElementsByTagName("*").getLength()).isEqualTo(2);
        assertThat(err.toString()).contains("Library").contains("\"serialNumber\"");
    }

    @Test
    void theKeyIsTheOneAskedForWhateverIsInIt() throws Exception {
        assertThat(run("appconfig", "--key", "a<b>&\"c$d")).isZero();

        assertThat(dictionary(out.toString())
                        .getElementsByTagName("key")
                        .item(0)
                        .getTextContent())
                .isEqualTo("a<b>&\"c$d");
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        assertThat(run("appconfig", "--key", " ")).isEqualTo(2);
        assertThat(run("appconfig", "--key", "a\u0007")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("--key: expected the name of a key");
    }

    private int run(String... arguments) {
        return KandjiStream.commandLine(StopSignal.none())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /** As any XML parser sees it; Apple's document type is not fetched. */
    private static Element dictionary(String text) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("plist");
        assertThat(document.getDocumentElement().getAttribute("version")).isEqualTo("1.0");
        return (Element) document.getElementsByTagName("dict").item(0);
    }
}
