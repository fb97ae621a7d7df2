/**
 * The last delivery of a message that the function works on to the end, so that none is given up
 * without a reason: with the visibility of the queue, an hour of faults.
 */
export const mostDeliveries = 12;
