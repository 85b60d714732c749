//! Enrol one device: `device TEMPLATE SERIAL_NUMBER`.
//! The folder holds claim.pem, claim.key and endpoint, and the device keeps there what it gets.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;
use std::{env, process, thread};

use rumqttc::{Client, Connection, Event, MqttOptions, Packet, QoS, TlsConfiguration, Transport};
use serde_json::{Map, Value, json};

type Failure = Box<dyn Error>;

const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST_WAIT_SECONDS: u64 = 300;
/// What only another program or another template could mend.
const HOPELESS: [&str; 2] = ["InvalidParameters", "InvalidPayload"];

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Each device waits another time, and longer after each failure: else all would be throttled together again.
fn patiently<T>(attempts: u32, mut attempt: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    for number in 1..=attempts {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(error) if HOPELESS.iter().any(|code| error.to_string().starts_with(code)) => return Err(error),
            Err(error) => eprintln!("attempt {number}: {error}"),
        }
        if number < attempts {
            let longest = LONGEST_WAIT_SECONDS.min(1 << number.min(16)) * 1000;
            thread::sleep(Duration::from_millis(random() % longest));
        }
    }
    Err(format!("gave up after {attempts} attempts").into())
}

/// A file is there whole, or not at all; only its owner may read it.
fn keep(name: &str, text: &str) -> Result<(), Failure> {
    let part = format!("{name}.part");
    let _ = fs::remove_file(&part);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
    file.write_all(text.as_bytes())?;
    fs::rename(part, name)?;
    Ok(())
}

fn connect(certificate: &str, key: &str, client_id: &str) -> Result<(Client, Connection), Failure> {
    let endpoint = fs::read_to_string("endpoint")?;
    let (host, port) = endpoint.trim().split_once(':').unwrap_or((endpoint.trim(), "8883"));
    let mut options = MqttOptions::new(client_id, host, port.parse()?);
    options.set_keep_alive(Duration::from_secs(60));
    options.set_transport(Transport::Tls(TlsConfiguration::Simple {
        // The roots of AWS IoT: https://www.amazontrust.com/repository/AmazonRootCA1.pem
        ca: fs::read(env::var("CA_FILE").unwrap_or("AmazonRootCA1.pem".into()))?,
        alpn: None,
        client_auth: Some((fs::read(certificate)?, fs::read(key)?)),
    }));
    let (client, mut connection) = Client::new(options, 10);
    until(&mut connection, |packet| matches!(packet, Packet::ConnAck(_)))?;
    Ok((client, connection))
}

fn until(connection: &mut Connection, wanted: fn(&Packet) -> bool) -> Result<Packet, Failure> {
    loop {
        match connection.recv_timeout(PATIENCE).map_err(|_| "no answer")?? {
            Event::Incoming(packet) if wanted(&packet) => return Ok(packet),
            _ => (),
        }
    }
}

fn ask((client, connection): &mut (Client, Connection), topic: &str, request: Value) -> Result<Value, Failure> {
    for end in ["accepted", "rejected"] {
        client.subscribe(format!("{topic}/{end}"), QoS::AtLeastOnce)?;
        until(connection, |packet| matches!(packet, Packet::SubAck(_)))?;
    }
    client.publish(topic, QoS::AtLeastOnce, false, request.to_string())?;
    let Packet::Publish(answer) = until(connection, |packet| matches!(packet, Packet::Publish(_)))? else {
        unreachable!()
    };
    let said: Value = serde_json::from_slice(&answer.payload)?;
    if answer.topic.ends_with("/rejected") {
        return Err(format!("{}: {}", text(&said, "errorCode"), text(&said, "errorMessage")).into());
    }
    Ok(said)
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_default()
}

fn enrol(template_name: &str, parameters: &Map<String, Value>) -> Result<(), Failure> {
    if Path::new("thing").exists() {
        return Ok(());
    }
    let mut claim = connect("claim.pem", "claim.key", &format!("claim-{:x}", random()))?;
    if !Path::new("device.pem").exists() {
        let obtained = ask(&mut claim, "$aws/certificates/create/json", json!({}))?;
        // Kept before it registers: if that answer is lost, the certificate may be active all the same.
        keep("device.key", text(&obtained, "privateKey"))?;
        keep("token", text(&obtained, "certificateOwnershipToken"))?;
        keep("device.pem", text(&obtained, "certificatePem"))?;
    }
    let topic = format!("$aws/provisioning-templates/{template_name}/provision/json");
    let token = fs::read_to_string("token")?;
    let request = json!({"certificateOwnershipToken": token, "parameters": parameters});
    let registered = ask(&mut claim, &topic, request).inspect_err(|refusal| {
        if refusal.to_string().starts_with("InvalidCertificateOwnershipToken") {
            let _ = fs::remove_file("device.pem"); // it is older than an hour
        }
    })?;
    let _ = claim.0.disconnect();
    keep("thing", text(&registered, "thingName"))
}

fn say_hello(thing: &str) -> Result<(), Failure> {
    let (client, mut connection) = connect("device.pem", "device.key", thing)?;
    client.publish(format!("dt/{thing}/hello"), QoS::AtLeastOnce, false, "{}")?;
    until(&mut connection, |packet| matches!(packet, Packet::PubAck(_)))?;
    Ok(client.disconnect()?)
}

fn run() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let template_name = arguments.next().ok_or("give TEMPLATE and SERIAL_NUMBER")?;
    let serial_number = arguments.next().ok_or("give SERIAL_NUMBER")?;
    let others = arguments.filter_map(|pair| pair.split_once('=').map(|(n, v)| (n.to_string(), json!(v))));
    let mut parameters: Map<String, Value> = others.collect();
    parameters.insert("SerialNumber".into(), json!(serial_number));
    let attempts = env::var("ATTEMPTS").map_or(Ok(12), |number| number.parse())?;
    patiently(attempts, || enrol(&template_name, &parameters))?;
    let thing = fs::read_to_string("thing")?;
    patiently(attempts, || say_hello(&thing))?;
    println!("{thing} is registered and has said hello");
    Ok(())
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        process::exit(1);
    }
}
