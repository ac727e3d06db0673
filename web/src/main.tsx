import { createRoot } from 'react-dom/client'
import { App } from './App'
import { get, open, openEmbedded } from './store'
import './styles.css'

document.documentElement.dataset.theme = get().theme
createRoot(document.getElementById('root')!).render(<App />)

// A page that was saved to be shared carries its schema; any other asks the server.
const embedded = document.getElementById('sterna-schema')?.textContent
if (embedded) void openEmbedded(JSON.parse(embedded) as Parameters<typeof openEmbedded>[0])
else void open()
