export { pageRoutes } from './page-routes.ts'
export { warmCharts } from './parts/chart.ts'
export { renderProblemPage } from './problem/problem-page.tsx'
