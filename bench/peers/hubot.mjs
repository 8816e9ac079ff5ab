// hubot on the wire. Arguments: port, folder. The durable work is a line in a file, synced: node 20 has no database.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import hubot from 'hubot'

const { Adapter, Robot, TextMessage, User } = hubot
const [port, folder] = process.argv.slice(2)
const books = openSync(`${folder}/tasks.txt`, 'a')
process.on('exit', () => closeSync(books))
let count = 0

class Line extends Adapter {
  async run () {
    const socket = this.socket = createConnection(Number(port), '127.0.0.1')
    createInterface({ input: socket }).on('line', async line => {
      const said = JSON.parse(line)
      const message = new TextMessage(new User(said.p, { room: said.c }), said.t, said.k)
      await this.robot.receive(message)
      this.write({ a: said.k })
    })
    socket.on('close', () => process.exit())
    this.emit('connected')
  }

  write (fields) { this.socket.write(JSON.stringify(fields) + '\n') }

  async send (envelope, ...words) { this.write({ r: envelope.message.id, t: words.join('\n') }) }

  async reply (envelope, ...words) { await this.send(envelope, ...words) }
}

const adapter = new Line()
const robot = new Robot(adapter, false, 'bot')
adapter.robot = robot
robot.logger.level = 'silent'
robot.hear(/^\/任务 (.+)/, async response => {
  writeSync(books, `${response.match[1]}\n`)
  fdatasyncSync(books)
  count += 1
  await response.reply(`✅ T${count} ${response.match[1]}｜负责人 待指派｜截止 未定`)
})
await adapter.run()
