/* Says which process it is when it is told to begin, and waits. */
process.once('message', () => process.send({ id: process.pid }));
