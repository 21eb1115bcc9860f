app.draw();
