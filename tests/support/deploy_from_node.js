// node deploy_from_node.js FOLDER up|destroy: the program of a folder, by Pulumi's Automation API.
const path = require("path");
const [folder, command] = process.argv.slice(2);
const automation = require(require.resolve("@pulumi/pulumi/automation", { paths: [folder] }));

(async () => {
  const program = async () => {
    const loaded = require(path.join(folder, require(path.join(folder, "package.json")).main));
    return typeof loaded === "function" ? loaded() : { ...loaded };
  };
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName: "local", projectName: path.basename(folder), program },
    { workDir: folder },
  );
  await stack.setConfig("aws:region", { value: process.env.AWS_REGION });
  const result = await stack[command]();
  const outputs = Object.entries(result.outputs ?? {}).map(([name, output]) => [name, output.value]);
  console.log(JSON.stringify({ changes: result.summary.resourceChanges, outputs: Object.fromEntries(outputs) }));
})().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
