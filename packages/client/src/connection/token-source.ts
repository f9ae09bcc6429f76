/**
 * A token, or what gives a fresh one: asked before every join and every request, and when the server says that the last
 * one ends soon. One that fails is asked again.
 */
export type TokenSource = string | (() => string | Promise<string>);
