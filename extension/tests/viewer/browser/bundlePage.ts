import { fileURLToPath } from 'node:url';
import { rspack } from '@rspack/core';

const schemas = fileURLToPath(new URL('../../../../schemas/src', import.meta.url));

/** Bundles a page's script with the bundler that JupyterLab extensions use, from the sources. */
export async function bundlePage(entry: string, into: string): Promise<void> {
  const compiler = rspack({
    mode: 'production',
    devtool: false,
    entry: { page: entry },
    output: { path: into, filename: '[name].js', chunkFilename: '[name].chunk.js', publicPath: '' },
    optimization: { minimize: false },
    resolve: {
      extensions: ['.ts', '.tsx', '.js'],
      extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
      alias: Object.fromEntries(
        ['api', 'rooms', 'labelmap', 'geometry', 'files'].map(name => [
          `@voxcord/schemas/${name}$`,
          `${schemas}/${name}/index.ts`
        ])
      )
    },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'builtin:swc-loader',
          options: { jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022' } },
          type: 'javascript/auto'
        },
        { test: /\.css$/, type: 'css' },
        { test: /\.svg$/, type: 'asset/source' }
      ]
    },
    performance: false
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error !== null) reject(error);
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString({ all: false, errors: true })));
      else resolve();
    });
  });
  await new Promise<void>(resolve => compiler.close(() => resolve()));
}
