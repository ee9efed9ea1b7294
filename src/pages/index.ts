export { pageRoutes } from './page-routes.ts'
export { renderProblemPage } from './problem/problem-page.tsx'
