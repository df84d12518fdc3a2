package dev.kandjistream.enricher.domain;

/** Why a change happened; the words are the contract's. New ones go to the end: differences on their way name them by place. */
public enum Cause {
    /** State that was there before anybody looked, not news. */
    BASELINE,
    /** The device is new, or came back, together with what it brought. */
    DEVICE_ENROLLED,
    /** The device is gone, or marked as removed. */
    DEVICE_REMOVED,
    /** The device was given to this person. */
    USER_ASSIGNED,
    /** The device was taken from this person. */
    USER_UNASSIGNED,
    /** The same person under another id, email or name. */
    USER_CHANGED,
    USER_ARCHIVED,
    USER_UNARCHIVED,
    /** Anything else about the device. */
    DEVICE_CHANGED,
    APP_INSTALLED,
    APP_UPDATED,
    APP_REMOVED,
    /** New rules were applied to what was known already. */
    RULES_CHANGED,
    /** Nobody polls the account any more, and its data was to go with it. */
    ACCOUNT_REMOVED,
    /** The same hardware is enrolled under another device id, for the same user. */
    DEVICE_REENROLLED,
    /** Nothing happened: an operator asked for the state to be told again. */
    REPLAY
}
