#!/usr/bin/env node
// Starts the bundled command line from V8's code cache beside it, which saves a sixth of a short run: reading and compiling
// the bundle. A cache that another version of Node made is passed over by V8, and so is one of another bundle.
'use strict'
const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

const filename = join(__dirname, 'main.cjs')

const cachedData = () => {
  try {
    return readFileSync(join(__dirname, 'main.cache'))
  } catch {
    return undefined
  }
}

const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename, cachedData: cachedData() })
const main = { exports: {} }
script.runInThisContext().call(main.exports, main.exports, createRequire(filename), main, filename, __dirname)

module.exports = script
