/** What notifications say while no page is open. */
export const sayAside = {
  somebody: "Somebody",
  audio: "Incoming call",
  video: "Incoming video call",
  answer: "Answer",
  decline: "Decline",
  callBack: "Call back",
  missed: (name: string, count: number) =>
    count > 1 ? `${count} missed calls from ${name}` : `Missed call from ${name}`,
  answeredElsewhere: "Answered on another device",
  declinedElsewhere: "Declined on another device",
};
