// Judges a sheet with the built command line and writes the code that this took as V8's cache: see launcher.cjs.
'use strict'
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')

const dist = join(__dirname, '../dist')
process.argv = [process.argv[0], join(dist, 'cli.js'), 'verify', join(__dirname, '../docs/examples/two-layer.bp')]
const script = require('../dist/cli.js')
process.on('exit', () => writeFileSync(join(dist, 'main.cache'), script.createCachedData()))
