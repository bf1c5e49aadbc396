/* Says which process it is when it is told to begin, and waits: it listens on, without which it would end. */
process.on('message', () => process.send({ id: process.pid }));
