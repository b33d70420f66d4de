export default {
  base: '/graphiql/',
  build: { chunkSizeWarningLimit: 8192 }, // the editor is one large part, whichever way it is cut
};
