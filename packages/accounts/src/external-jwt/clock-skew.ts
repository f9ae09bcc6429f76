/** How far the host product's clock may be off, in either direction. */
export const clockSkewSec = 60;
export const clockSkewMs = clockSkewSec * 1000;
