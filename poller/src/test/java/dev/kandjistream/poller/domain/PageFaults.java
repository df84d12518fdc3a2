package dev.kandjistream.poller.domain;

/**
 * What is wrong with the pages of one sweep.
 *
 * @param fault what happens to the rows
 * @param total what the pages claim
 * @param page where it happens, from 0
 * @param by by how many rows, or how far a total is off; positive
 * @param fleetChanges whether something happens to the fleet before that page
 */
record PageFaults(Fault fault, Total total, int page, int by, boolean fleetChanges) {
    static final PageFaults NONE = new PageFaults(Fault.NONE, Total.TRUE, 0, 1, false);

    enum Fault {
        NONE,
        /** The page answers 500, for good. */
        CUT,
        /** The page names a cursor that has come before. */
        REPEATED_CURSOR,
        /** The page before comes once more in its place. */
        REPEATED_PAGE,
        /** Rows of the page come twice. */
        DUPLICATE_ROWS,
        /** Rows of the page before come once more in place of some of its own. */
        REPLACED_ROWS,
        /** From this page on the list has moved: some rows come again. */
        SHIFTED_BACK,
        /** From this page on the list has moved: some rows never come. */
        SHIFTED_ON,
        /** The page's rows never come. */
        MISSING_PAGE,
        /** The page is empty, and so ends the list. */
        EMPTY_PAGE,
        /** 200, and nothing in it. */
        EMPTY_LIST,
        /** Every second device is missing, always the same ones. */
        HALF_MISSING,
        /** Devices: nobody has a user. */
        NO_USERS,
        /** Devices: every second one, always the same ones, has a user that cannot be read. */
        UNREAD_USERS,
        /** Devices: no row has a platform. */
        NO_PLATFORMS,
        /** Devices: nothing but the id of some rows can be read. */
        UNREAD_ROWS,
        /** Apps: of every device one row. */
        BARE,
        /** Apps: rows of devices that have not reported lately are missing. */
        STALE_ROWS;

        /** Rows are missing, and nothing but a total can tell. */
        boolean drops() {
            return this == SHIFTED_ON || this == MISSING_PAGE || this == EMPTY_PAGE;
        }
    }

    enum Total {
        TRUE,
        NULL,
        HIGH,
        LOW,
        /** True on every page but one. */
        MOVING,
        /** Agrees with whatever the pages hold. */
        AS_SHOWN
    }
}
