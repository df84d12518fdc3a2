package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Attribute.AGENT_INSTALLED;
import static dev.kandjistream.posture.domain.Attribute.ATTRIBUTED;
import static dev.kandjistream.posture.domain.Attribute.BLUEPRINT;
import static dev.kandjistream.posture.domain.Attribute.CHECKED_IN_AGO;
import static dev.kandjistream.posture.domain.Attribute.ENROLLED_AGO;
import static dev.kandjistream.posture.domain.Attribute.IS_MISSING;
import static dev.kandjistream.posture.domain.Attribute.LOST_MODE;
import static dev.kandjistream.posture.domain.Attribute.MDM_ENABLED;
import static dev.kandjistream.posture.domain.Attribute.MODEL;
import static dev.kandjistream.posture.domain.Attribute.OS_BUILD;
import static dev.kandjistream.posture.domain.Attribute.OS_VERSION;
import static dev.kandjistream.posture.domain.Attribute.OS_VERSION_EXTRA;
import static dev.kandjistream.posture.domain.Attribute.PLATFORM;
import static dev.kandjistream.posture.domain.Attribute.SERIAL_AMBIGUOUS;
import static dev.kandjistream.posture.domain.Attribute.TAGS;
import static dev.kandjistream.posture.domain.Attribute.USER_ARCHIVED;
import static dev.kandjistream.posture.domain.Attribute.USER_EMAIL;
import static dev.kandjistream.posture.domain.Attribute.USER_MATCHES;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Maps each field of a device's row to the attributes that depend on it. Fields have their names in the API ({@code user.id})
 * and in the raw record ({@code user_id}). A field without dependent attributes causes no doubt.
 */
public final class RowFields {
    /** A row without it does not confirm that the device is still there. */
    public static final String IS_REMOVED = "is_removed";

    /** Optional: older tenants do not have it, and a version without it is the lower one. */
    public static final String OS_VERSION_SUFFIX = "supplemental_os_version_extra";

    private static final Map<String, Doubt> DOUBTS = doubts();

    private RowFields() {}

    /** The doubt that results from doubt about these fields. */
    public static Doubt doubt(Collection<String> fields) {
        Doubt all = Doubt.NONE;
        for (String field : fields) {
            all = all.and(DOUBTS.getOrDefault(field, Doubt.NONE));
        }
        return all;
    }

    private static Map<String, Doubt> doubts() {
        var doubts = new HashMap<String, Doubt>();
        for (String identity : new String[] {"user", "user.id", "user_id", "user.email", "user_email"}) {
            doubts.put(identity, missing(ATTRIBUTED, USER_EMAIL, USER_ARCHIVED, USER_MATCHES));
        }
        doubts.put("user.is_archived", missing(USER_ARCHIVED));
        doubts.put("user_archived", missing(USER_ARCHIVED));
        doubts.put("platform", missing(PLATFORM));
        doubts.put("model", missing(MODEL));
        doubts.put("os_version", missing(OS_VERSION));
        doubts.put(OS_VERSION_SUFFIX, missing(OS_VERSION, OS_VERSION_EXTRA));
        doubts.put("supplemental_build_version", missing(OS_BUILD));
        doubts.put("lost_mode_status", missing(LOST_MODE));
        doubts.put("last_check_in", missing(CHECKED_IN_AGO));
        doubts.put("blueprint_name", missing(BLUEPRINT));
        doubts.put("mdm_enabled", missing(MDM_ENABLED));
        doubts.put("agent_installed", missing(AGENT_INSTALLED));
        doubts.put("is_missing", missing(IS_MISSING));
        doubts.put("first_enrollment", missing(ENROLLED_AGO));
        doubts.put("last_enrollment", missing(ENROLLED_AGO));
        doubts.put("tags", missing(TAGS));
        doubts.put(IS_REMOVED, Doubt.because(Connection.ROW_UNREADABLE));
        // Then it is not known either which devices have the serial number.
        doubts.put("serial_number", Doubt.because(Connection.ROW_UNREADABLE).and(missing(SERIAL_AMBIGUOUS)));
        doubts.put("device_id", Doubt.because(Connection.ROW_UNREADABLE));
        return Map.copyOf(doubts);
    }

    private static Doubt missing(Attribute... attributes) {
        long bits = 0;
        for (Attribute attribute : attributes) {
            bits |= attribute.bit();
        }
        return new Doubt(null, bits);
    }
}
