import { EchooClient } from "/sdk/echoo-client.min.js";

const [state, unanswered, peer, dial, answer, hangUp, remote] = [
  ...["state", "unanswered", "peer", "call", "answer", "hangup", "remote"],
].map((id) => document.getElementById(id));

const me = await (await fetch("/me")).json();
unanswered.textContent = me.unanswered.length > 0 ? `Did not answer: ${me.unanswered.join(", ")}` : "";

// A fresh token for every connection, and in time before the last one ends.
const token = async () => (await fetch("/call-token")).text();
const client = new EchooClient({ url: me.url, userId: me.user, token });

function render() {
  const [call] = client.calls;
  state.textContent = call ? `${call.peerName ?? call.peer}: ${call.state}` : client.status;
  answer.hidden = call?.state !== "incoming";
  hangUp.hidden = call === undefined;
  remote.srcObject = call?.remoteStream ?? null;
}

client.on("status", render);
client.on("call", (call) => {
  for (const type of ["state", "media"]) call.on(type, render);
  render();
});
client.on("error", ({ message }) => {
  state.textContent = message;
});
dial.onclick = () => client.call(peer.value, { video: true }).catch(() => render());
answer.onclick = () => client.calls[0]?.answer({ video: true });
hangUp.onclick = () => client.calls[0]?.hangUp();
client.connect();
