/** What two people of a call say to each other, whatever server carries it. */
export interface Message {
  readonly type: string;
  readonly callId?: string;
  readonly seq?: number;
  readonly [field: string]: unknown;
}

/** What a session needs to be taken over by another socket. */
export interface Resume {
  readonly session: string;
  readonly seq: number;
}

/** What a server says of a join, where it says more than that it happened. */
export interface Joined {
  readonly session?: string;
  readonly resumed?: boolean;
  /** Calls that the device keeps though the queue of its session is gone. */
  readonly rebound?: readonly string[];
}

/** How one kind of server is spoken to: what the load tool says is the same for all, each words it in its own way. */
export interface Wire {
  /** What the upgrade request asks for. */
  path(userId: string): string;
  /** What is said first on the socket, if anything. */
  greeting(userId: string, resume?: Resume): string | undefined;
  /** What this frame says, if it says that the user is known from now on. */
  joined(text: string): Joined | undefined;
  /** A message to another user; `n` is its number among those of this user. */
  write(from: string, to: string, message: Message, n: number): string;
  /** What a frame holds for its user: undefined for what the protocol says to itself. */
  read(text: string): Message | undefined;
  /** What a frame must be answered by to stay connected. */
  reply?(text: string): string | undefined;
  /** What tells the server that everything up to `seq` arrived, where it keeps that. */
  confirm?(seq: number): string;
}

/** A server that can be measured. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  readonly wire: Wire;
  /** It speaks TLS alone. */
  readonly secure?: boolean;
  /** The arguments of node, and settings besides PORT. The folder is the server's own. */
  command(folder: string): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
}
