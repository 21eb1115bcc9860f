// The page begins once all its parts are there.
app.draw();
