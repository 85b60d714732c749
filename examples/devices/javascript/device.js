// Enrol one device: node device.js TEMPLATE SERIAL_NUMBER
// The folder holds claim.pem, claim.key and endpoint, and the device keeps there what it gets.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import sdk from "aws-iot-device-sdk-v2";

const { iot, iotidentity, mqtt5 } = sdk;
const SECONDS = 20;
const ATTEMPTS = Number(process.env.ATTEMPTS ?? 12);
const LONGEST_WAIT_SECONDS = 300;
const HOPELESS = ["InvalidParameters", "InvalidPayload"]; // only another program or template could mend it

class HopelessError extends Error {}

// Each device waits another time, and longer after each failure: else all would be throttled together again.
async function patiently(attempt) {
  for (let number = 1; number <= ATTEMPTS; number++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof HopelessError) throw error;
      console.error(`attempt ${number}: ${error.message}`);
    }
    if (number < ATTEMPTS) await sleep(1000 * Math.random() * Math.min(LONGEST_WAIT_SECONDS, 2 ** number));
  }
  throw new HopelessError(`gave up after ${ATTEMPTS} attempts`);
}

// A file is there whole, or not at all; only its owner may read it.
function keep(name, text) {
  rmSync(`${name}.part`, { force: true });
  writeFileSync(`${name}.part`, text, { mode: 0o600 });
  renameSync(`${name}.part`, name);
}

const kept = (name) => readFileSync(name, "utf8");

async function connected(certificate, key, clientId, use) {
  const [host, port] = kept("endpoint").trim().split(":");
  const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(host, certificate, key);
  builder.withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 });
  if (port) builder.withPort(Number(port));
  if (process.env.CA_FILE) builder.withCertificateAuthorityFromPath(undefined, process.env.CA_FILE);
  const client = new mqtt5.Mqtt5Client(builder.build());
  try {
    const opened = new Promise((resolve, reject) => {
      client.on("connectionSuccess", resolve);
      client.on("connectionFailure", ({ error }) => reject(error));
    });
    client.start();
    await opened;
    return await use(client);
  } finally {
    const stopped = once(client, "stopped");
    client.stop();
    await stopped;
    client.close();
  }
}

async function answerTo(asked) {
  try {
    return await asked;
  } catch (error) {
    const said = error.modeledError;
    if (!said) throw error;
    const text = `${said.errorCode}: ${said.errorMessage}`;
    throw Object.assign(HOPELESS.includes(said.errorCode) ? new HopelessError(text) : new Error(text), {
      code: said.errorCode,
    });
  }
}

async function obtain(identity) {
  const obtained = await answerTo(identity.createKeysAndCertificate({}));
  // Kept before it registers: if that answer is lost, the certificate may be active all the same.
  keep("device.key", obtained.privateKey);
  keep("token", obtained.certificateOwnershipToken);
  keep("device.pem", obtained.certificatePem);
}

async function enrol(client, templateName, parameters) {
  const identity = iotidentity.IotIdentityClientv2.newFromMqtt5(client, {
    maxRequestResponseSubscriptions: 4,
    maxStreamingSubscriptions: 0,
    operationTimeoutInSeconds: SECONDS,
  });
  try {
    if (!existsSync("device.pem")) await obtain(identity);
    const request = { templateName, certificateOwnershipToken: kept("token"), parameters };
    const registered = await answerTo(identity.registerThing(request));
    keep("thing", registered.thingName);
  } catch (error) {
    if (error.code === "InvalidCertificateOwnershipToken") rmSync("device.pem"); // older than an hour
    throw error;
  } finally {
    identity.close();
  }
}

async function main(templateName, serialNumber, ...others) {
  const parameters = { ...Object.fromEntries(others.map((pair) => pair.split("="))), SerialNumber: serialNumber };
  await patiently(async () => {
    if (existsSync("thing")) return;
    const clientId = `claim-${randomUUID().slice(0, 12)}`;
    await connected("claim.pem", "claim.key", clientId, (client) => enrol(client, templateName, parameters));
  });
  const thing = kept("thing");
  await patiently(() =>
    connected("device.pem", "device.key", thing, (client) =>
      client.publish({ topicName: `dt/${thing}/hello`, payload: "{}", qos: mqtt5.QoS.AtLeastOnce }),
    ),
  );
  console.log(`${thing} is registered and has said hello`);
}

let status = 0;
await main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  status = 1;
});
process.exit(status); // threads of the SDK would keep it for a while
