/** Told to who proved that the number is theirs, and to no other. */
export const suspendedSentence = "This account is suspended. Ask who runs this server.";
