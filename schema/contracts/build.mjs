// Compiles src/ into abi/<Name>.json and bytecode/<Name>.hex (creation code). With --check it writes nothing and fails on a difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const local = join(here, '..', '..', 'ops', 'local')
const solc = loadCompiler()

// Metis runs Berlin's opcodes with PUSH0, nothing of Cancun; what only a local chain sees may use what OpenZeppelin needs.
const targets = [
  { folder: 'src', evmVersion: 'shanghai' },
  { folder: 'src/devnet', evmVersion: 'cancun' },
]

function loadCompiler() {
  try {
    return createRequire(join(local, 'package.json'))('solc')
  } catch {
    console.error('The compiler is not installed: run `npm ci` in ops/local first.')
    process.exit(1)
  }
}

function compile({ folder, evmVersion }) {
  const paths = readdirSync(join(here, folder)).filter(name => name.endsWith('.sol')).sort().map(name => `${folder}/${name}`)
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(paths.map(path => [path, { content: readFileSync(join(here, path), 'utf8') }])),
    settings: {
      evmVersion,
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }))
  const isOurs = ({ severity, sourceLocation }) => severity === 'error' || !sourceLocation?.file.startsWith('@')
  const problems = (output.errors ?? []).filter(isOurs)
  if (problems.length > 0) {
    console.error(problems.map(problem => problem.formattedMessage).join('\n'))
    process.exit(1)
  }
  return paths.flatMap(path => {
    const name = basename(path, '.sol')
    const { abi, evm } = output.contracts[path][name]
    return [
      { path: `abi/${name}.json`, content: JSON.stringify(abi, null, 2) + '\n' },
      { path: `bytecode/${name}.hex`, content: `0x${evm.bytecode.object}\n` },
    ]
  })
}

function readImport(path) {
  const file = [join(here, path), join(local, 'node_modules', path)].find(existsSync)
  return file ? { contents: readFileSync(file, 'utf8') } : { error: `${path} is neither here nor below ops/local/node_modules` }
}

const outputs = targets.flatMap(compile)
const committed = ['abi', 'bytecode']
  .filter(folder => existsSync(join(here, folder)))
  .flatMap(folder => readdirSync(join(here, folder)).map(name => `${folder}/${name}`))
const strays = committed.filter(path => !outputs.some(output => output.path === path))

if (process.argv.includes('--check')) {
  const stale = outputs.filter(({ path, content }) => !committed.includes(path) || readFileSync(join(here, path), 'utf8') !== content)
  for (const { path } of stale) console.error(`${path} differs from what solc ${solc.version()} makes of src; run build.mjs and commit.`)
  for (const path of strays) console.error(`${path} belongs to no contract in src; delete it.`)
  process.exit(stale.length + strays.length > 0 ? 1 : 0)
}

for (const { path, content } of outputs) {
  mkdirSync(dirname(join(here, path)), { recursive: true })
  writeFileSync(join(here, path), content)
}
for (const path of strays) console.error(`${path} belongs to no contract in src; delete it.`)
