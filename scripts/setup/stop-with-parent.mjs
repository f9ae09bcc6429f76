const lookEveryMs = 500;

/**
 * Ends the server with grace when the program that started it is gone. npm starts it through a shell, and a person or
 * program that kills npm kills neither of the two: the server would live on and keep its port.
 * @param {NodeJS.Process} program
 */
export function stopWithParent(program) {
  const parent = program.ppid;
  const timer = setInterval(() => {
    if (program.ppid === parent) return;
    clearInterval(timer);
    program.kill(program.pid, "SIGTERM");
  }, lookEveryMs);
  timer.unref();
}
