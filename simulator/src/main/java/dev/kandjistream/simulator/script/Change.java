package dev.kandjistream.simulator.script;

/** What can happen to a fleet in a script. */
public enum Change {
    /** A new device for somebody, perhaps newly hired. */
    ENROL,
    /** A device that nobody had gets a user. */
    ASSIGN,
    /** A device gets another user. */
    REASSIGN,
    /** A device loses its user. */
    UNASSIGN,
    /** A user is archived; the devices stay assigned. */
    ARCHIVE,
    /** An archived user comes back. */
    UNARCHIVE,
    /** A device and its app rows are gone. */
    REMOVE,
    /** A device stays listed with {@code is_removed} true. */
    MARK_REMOVED,
    /** The same hardware under a new device id. */
    REENROL,
    /** A new app, with what lies in its bundle. */
    INSTALL,
    /** Another version of an app and of what lies in its bundle. */
    UPDATE,
    /** An app and what lies in its bundle are gone. */
    UNINSTALL,
    /** An app that is there already, at another path in an older version. */
    SECOND_COPY,
    /** An app that is suppressed for being a helper. */
    INSTALL_HELPER,
    /** An app that is suppressed for being an updater. */
    INSTALL_UPDATER,
    /** A device gets another name. */
    RENAME_DEVICE,
    /** A user gets another email. */
    RENAME_EMAIL,
    /** A user gets another name. */
    RENAME_PERSON,
    /** A device checks in and reports its apps, none of which changed: no news. */
    CHECK_IN
}
