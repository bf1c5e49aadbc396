import './base.css';
import './viewer.css';
import './signing.css';
