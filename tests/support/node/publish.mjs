// An outside system in JavaScript: reads {uri, exchange, messages} from standard input, publishes each message with a
// confirm and a reply address, and writes the replies in the order of the messages.
import { readFileSync } from "node:fs";
import amqp from "amqplib";

const { uri, exchange, messages } = JSON.parse(readFileSync(0, "utf8"));
const connection = await amqp.connect(uri);
const channel = await connection.createConfirmChannel();
const { queue } = await channel.assertQueue("", { exclusive: true });

const replies = new Map();
const answered = new Promise((resolve) => {
  channel.consume(queue, ({ content, properties }) => {
    replies.set(properties.correlationId, JSON.parse(content.toString()));
    if (replies.size === messages.length) resolve();
  }, { noAck: true });
});

messages.forEach(({ body, contentType, headers, routingKey }, i) => {
  channel.publish(exchange, routingKey, Buffer.from(body), {
    contentType, headers, persistent: true, mandatory: true, replyTo: queue, correlationId: String(i),
  });
});
await channel.waitForConfirms();
await answered;
await connection.close();
console.log(JSON.stringify(messages.map((_, i) => replies.get(String(i)))));
